"""As much of a page's JavaScript as a tag needs: its strings, names and signs, without comments. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

# A string of one line; what a page does with regular expressions may look like one, and then ends with its line.
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|<!--[^\n]*)
      |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)
      |(?P<computed>`(?:[^`\\]|\\.)*`)
      |(?P<name>[A-Za-z_$][\w$]*)
      |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_LAST_CODE_POINT = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Token:
    kind: Literal["text", "name", "sign"]
    value: str


@dataclass(frozen=True, slots=True)
class InitCall:
    """A call `NAME.init("key", {…})`.

    Args:
        options: by key, a string, `True`, `False`, or None for what only running it would tell.
        is_whole: whether the options could be read to their end.
    """

    api_key: str | None
    options: dict[str, str | bool | None]
    is_whole: bool


def tokens(script: str) -> list[Token]:
    """In linear time; what is no token of JavaScript is a sign."""
    found = []
    for match in _TOKEN.finditer(script):
        kind = match.lastgroup
        if kind == "text":
            found.append(Token("text", _ESCAPE.sub(_unescaped, match[0][1:-1])))
        elif kind == "computed":
            found.append(Token("sign", "`"))
        elif kind in {"name", "sign"}:
            found.append(Token("name" if kind == "name" else "sign", match[0]))
    return found


def init_calls(script: Sequence[Token], names: frozenset[str]) -> Iterator[InitCall]:
    """Every call of `init` on one of these names, also as `window.NAME` or `window["NAME"]`."""
    for at in range(len(script) - 2):
        if script[at : at + 3] != [Token("sign", "."), Token("name", "init"), Token("sign", "(")]:
            continue
        before = script[at - 1] if at else Token("sign", "")
        if before == Token("sign", "]") and at >= 2:
            before = script[at - 2]
        if before.value in names:
            yield _call(script[at + 3 :])


def tracker_names(script: Sequence[Token]) -> Iterator[str]:
    """What `karte_tracker_names = [...]` lists."""
    for at, token in enumerate(script):
        if token.value == "karte_tracker_names" and script[at + 1 : at + 3] == [Token("sign", "="), Token("sign", "[")]:
            for item in script[at + 3 :]:
                if item == Token("sign", "]"):
                    break
                if item.kind == "text":
                    yield item.value


def _call(rest: Sequence[Token]) -> InitCall:
    api_key = rest[0].value if rest and rest[0].kind == "text" else None
    if rest[1:2] == [Token("sign", ")")]:
        return InitCall(api_key, {}, is_whole=True)
    if rest[1:3] != [Token("sign", ","), Token("sign", "{")]:
        return InitCall(api_key, {}, is_whole=False)
    options: dict[str, str | bool | None] = {}
    at = 3
    while at < len(rest) and rest[at] != Token("sign", "}"):
        if rest[at].kind == "sign" or rest[at + 1 : at + 2] != [Token("sign", ":")]:
            return InitCall(api_key, options, is_whole=False)
        value, end = _value(rest, at + 2)
        options[rest[at].value] = value
        at = end + 1 if rest[end : end + 1] == [Token("sign", ",")] else end
    return InitCall(api_key, options, is_whole=at < len(rest))


def _value(rest: Sequence[Token], start: int) -> tuple[str | bool | None, int]:
    """A value, and where it ends: at a comma or brace of its own level."""
    depth, end = 0, start
    while end < len(rest) and not (depth == 0 and rest[end] in (Token("sign", ","), Token("sign", "}"))):
        depth += (rest[end].kind == "sign") * ((rest[end].value in "([{") - (rest[end].value in ")]}"))
        end += 1
    words = [(token.kind, token.value) for token in rest[start:end]]
    if len(words) == 1 and words[0][0] == "text":
        return words[0][1], end
    known = {"true": True, "!0": True, "false": False, "!1": False}
    return known.get("".join(value for kind, value in words if kind != "text")), end


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is not None:
        number = int(code, 16)
        return chr(number) if number <= _LAST_CODE_POINT else ""
    return _SHORT.get(match[4], match[4])
