"""The few forms of rule expressions that the lab's edges understand: which hosts a rule is for."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'\s*(?:(?P<string>"(?:[^"\\]|\\["\\])*")|(?P<word>[a-z][a-z0-9_.]*|==)|(?P<mark>[(){}]))')


class _UnknownFormError(Exception):
    pass


def hosts_of(expression: str) -> frozenset[str] | None:
    """The hosts that an expression matches: `http.host eq "a"`, `http.host in {"a" "b"}`, parentheses, `or`.

    Returns:
        lower-case hosts, or None for an expression of any other form.
    """
    try:
        tokens = _tokens(expression)
        hosts, end = _any(tokens, 0)
        if end != len(tokens):
            return None
    except (_UnknownFormError, IndexError):
        return None
    return hosts


def _tokens(expression: str) -> list[str]:
    tokens, at, text = [], 0, expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _UnknownFormError
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


def _any(tokens: list[str], at: int) -> tuple[frozenset[str], int]:
    hosts, at = _one(tokens, at)
    while at < len(tokens) and tokens[at] == "or":
        more, at = _one(tokens, at + 1)
        hosts |= more
    return hosts, at


def _one(tokens: list[str], at: int) -> tuple[frozenset[str], int]:
    if tokens[at] == "(":
        hosts, at = _any(tokens, at + 1)
        return hosts, _expect(tokens, at, ")")
    at = _expect(tokens, at, "http.host")
    if tokens[at] in ("eq", "=="):
        return frozenset({_string(tokens[at + 1])}), at + 2
    at = _expect(tokens, _expect(tokens, at, "in"), "{")
    hosts_list = []
    while tokens[at] != "}":
        hosts_list.append(_string(tokens[at]))
        at += 1
    return frozenset(hosts_list), at + 1


def _expect(tokens: list[str], at: int, token: str) -> int:
    if tokens[at] != token:
        raise _UnknownFormError
    return at + 1


def _string(token: str) -> str:
    if not token.startswith('"'):
        raise _UnknownFormError
    return re.sub(r"\\(.)", r"\1", token[1:-1]).lower()
