"""Entries taken out of one declaration's text and put into another's: their lines as they are, comments and layout with them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import yaml

from linkproof.declaration.nodes import read
from linkproof.errors import LinkproofError

Entry = tuple[str, str]
"""Section and key."""


class LayoutError(LinkproofError):
    """The file is laid out so that an entry cannot be taken or put without changing more."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}", "write each section as `NAME:`, with each entry on lines of its own below")


def lines_of(text: str, name: str, entry: Entry) -> str:
    """The lines of one entry, with the comments right above it.

    Raises:
        LayoutError: it has no lines of its own.
    """
    lines = text.splitlines(keepends=True)
    first, last = _range(text, name, entry, lines)
    return "".join(lines[first:last])


def without(text: str, name: str, entries: Sequence[Entry]) -> str:
    """The text without these entries.

    Raises:
        LayoutError: one of them has no lines of its own.
    """
    wanted: Any = copy.deepcopy(read(text, name).value)
    for section, key in entries:
        lines = text.splitlines(keepends=True)
        first, last = _range(text, name, (section, key), lines)
        above = lines[first - 1].strip() if first else ""
        below = lines[last].strip() if last < len(lines) else ""
        if first and not above and not below and last < len(lines):
            last += 1  # of two empty lines that would meet, one goes with it
        text = "".join(lines[:first] + lines[last:])
        del wanted[section][key]
        wanted[section] = wanted[section] or None
    if read(text, name).value != wanted:
        raise LayoutError(name, f"{', '.join(map('.'.join, entries))} cannot be taken out without changing more")
    return text


def with_lines(text: str, name: str, entries: Sequence[tuple[Entry, str]]) -> str:
    """The text with these entries at the end of their sections.

    Args:
        entries: each with its lines, as `lines_of` gave them.

    Raises:
        LayoutError: a section is not written with its entries on lines of their own.
    """
    wanted: Any = copy.deepcopy(read(text, name).value) or {}
    for (section, key), lines in entries:
        text = _with(text, name, section, lines)
        wanted[section] = {**(wanted.get(section) or {}), key: read(f"{section}:\n{lines}", name).value[section][key]}
    if read(text, name).value != wanted:
        raise LayoutError(name, "the entries cannot be put in without changing more")
    return text


def _with(text: str, name: str, section: str, lines: str) -> str:
    break_ = "\r\n" if "\r\n" in text else "\n"
    lines = break_.join(lines.splitlines()) + break_
    if text and not text.endswith(("\n", "\r")):
        text += break_
    found = _pair(_root(text, name), section)
    if found is None:
        return f"{text}{break_ if text.strip() else ''}{section}:{break_}{lines}"
    key, value = found
    own = text.splitlines(keepends=True)
    if _is_nothing(value):
        at = key.end_mark.line + 1
        return "".join(own[:at]) + lines + "".join(own[at:])
    if value.id != "mapping" or value.flow_style:
        raise LayoutError(name, f"{section} is written in braces, where no line can be added")
    indent = value.value[0][0].start_mark.column
    at = _end(text, own, value.value[-1])
    return "".join(own[:at]) + _indented(lines, indent) + "".join(own[at:])


def _indented(lines: str, indent: int) -> str:
    """The lines at this indent, whatever theirs is; what is inside keeps its distance."""
    found = [len(line) - len(line.lstrip()) for line in lines.splitlines() if line.strip()]
    own = min(found, default=indent)
    return "".join(
        " " * (indent + len(line) - len(line.lstrip(" ")) - own) + line.lstrip(" ") if line.strip() else line
        for line in lines.splitlines(keepends=True)
    )


def _range(text: str, name: str, entry: Entry, lines: Sequence[str]) -> tuple[int, int]:
    """The first line of an entry and the one behind its last."""
    section, key = entry
    found = _pair(_root(text, name), section)
    if found is None or found[1].id != "mapping" or found[1].flow_style:
        raise LayoutError(name, f"{section} is not written with its entries on lines of their own")
    pair = _pair(found[1], key)
    if pair is None:
        raise LayoutError(name, f"there is no {section}.{key}")
    column, first = pair[0].start_mark.column, pair[0].start_mark.line
    if lines[first][:column].strip():
        raise LayoutError(name, f"{section}.{key} shares its line with another key")
    while first and lines[first - 1].strip().startswith("#") and _indent(lines[first - 1]) == column:
        first -= 1
    return first, _end(text, lines, pair)


def _end(text: str, lines: Sequence[str], pair: tuple[Any, Any]) -> int:
    """The line behind an entry, the comments inside it among it."""
    index = _last_index(pair)
    end = text.count("\n", 0, index) + 1
    following = end
    while following < len(lines) and (not lines[following].strip() or _is_inside(lines[following], pair)):
        following += 1
        if lines[following - 1].strip():
            end = following
    return end


def _is_inside(line: str, pair: tuple[Any, Any]) -> bool:
    return line.strip().startswith("#") and _indent(line) > int(pair[0].start_mark.column)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _last_index(node: Any) -> int:
    """The last character of what is written: the mark of a block is behind the comments that follow it."""
    if isinstance(node, tuple):
        return int(node[0].end_mark.index) if _is_nothing(node[1]) else _last_index(node[1])
    if node.id == "scalar" and node.style in {"|", ">"}:
        return int(node.end_mark.index) - 1
    if node.id == "scalar" or node.flow_style or not node.value:
        return int(node.end_mark.index)
    return _last_index(node.value[-1])


def _is_nothing(node: Any) -> bool:
    return bool(node.id == "scalar" and node.style is None and node.value in {"", "~", "null", "Null", "NULL"})


def _root(text: str, name: str) -> Any:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is not None and (node.id != "mapping" or node.flow_style):
        raise LayoutError(name, "the file is not written as a key on each line")
    return node


def _pair(node: Any, key: str) -> tuple[Any, Any] | None:
    return None if node is None else next((pair for pair in node.value if pair[0].value == key), None)
