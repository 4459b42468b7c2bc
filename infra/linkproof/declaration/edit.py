"""Changing single values of a declaration's text: every other character stays, or nothing is changed."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import yaml

from linkproof.declaration.nodes import read
from linkproof.errors import LinkproofError


def with_values(text: str, name: str, changes: Sequence[tuple[tuple[str, ...], str]]) -> str:
    """The text with these values; a key that is not there is written behind `phase`, or behind the last of its entry.

    Args:
        text: of a declaration without problems.
        name: of the file, for messages.
        changes: the path of each value, and what it becomes: a word or a number as YAML has it.

    Raises:
        LinkproofError: the file is laid out so that the values cannot be changed alone.
    """
    wanted: Any = copy.deepcopy(read(text, name).value)
    after = text
    for path, value in changes:
        after = _with_value(after, path, value)
        entry = wanted
        for key in path[:-1]:
            entry = entry[key]
        entry[path[-1]] = value
    if read(after, name).value != wanted:
        shown = ", ".join(f"{'.'.join(path)}: {value}" for path, value in changes)
        raise LinkproofError(f"{name}: {shown} cannot be written without changing more", "write it by hand")
    return after


def node_at(text: str, path: Sequence[str]) -> Any:
    """The node of a value, with its marks.

    Raises:
        KeyError: there is none.
    """
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for key in path:
        node = next((value for name, value in node.value if name.value == key), None)
        if node is None:
            raise KeyError(".".join(path))
    return node


def _with_value(text: str, path: tuple[str, ...], value: str) -> str:
    try:
        node = node_at(text, path)
    except KeyError:
        return _inserted(text, path, value)
    return text[: node.start_mark.index] + value + text[node.end_mark.index :]


def _inserted(text: str, path: tuple[str, ...], value: str) -> str:
    entry = node_at(text, path[:-1])
    key, beside = next((pair for pair in entry.value if pair[0].value == "phase"), entry.value[-1])
    end = beside.end_mark.index
    if entry.flow_style:
        return f"{text[:end]}, {path[-1]}: {value}{text[end:]}"
    line_end = text.find("\n", end)
    if line_end < 0:
        text, line_end = f"{text}\n", len(text)
    own = "\r\n" if text[line_end - 1] == "\r" else "\n"
    return f"{text[: line_end + 1]}{' ' * key.start_mark.column}{path[-1]}: {value}{own}{text[line_end + 1 :]}"
