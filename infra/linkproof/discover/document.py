"""Entries into the text of a declaration: lines are added, and every other byte stays.

ruamel.yaml writes the entries and tells where what is there ends. It does not write the file anew: that would lay out
spaces, line ends and quotes its own way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from linkproof.declaration.nodes import read
from linkproof.discover.entries import Composed, Entry
from linkproof.errors import LinkproofError
from linkproof.secret_shapes import SECRET

SECTIONS: Final = ("zones", "edges", "links", "tracking_hosts")
# Entries of these are short, and stand on one line.
_ON_ONE_LINE: Final = frozenset({"zones", "edges", "tracking_hosts"})
_INDENT: Final = 2
_MOST_COMMENT: Final = 300


class AddingError(LinkproofError):
    """Nothing can be added to the file as it is laid out."""

    def __init__(self, name: str, line: int, problem: str, fix: str) -> None:
        super().__init__(f"{name}:{line}: {problem}", fix)
        self.line = line


@dataclass(frozen=True, slots=True)
class _Place:
    """Where lines go: behind this character, and how far in."""

    offset: int
    indent: int
    head: str = ""


def added(text: str, composed: Composed, name: str) -> str:
    """The text with the entries at the end of their sections, and comments behind them.

    Args:
        text: a declaration, without a byte order mark.
        name: of the file, for messages.

    Raises:
        AddingError: a section is written so that no line can be added to it, or the file is no YAML.
    """
    top = _top(text, name)
    break_ = "\r\n" if "\r\n" in text else "\n"
    pieces: list[tuple[int, bool, str]] = []
    for section in SECTIONS:
        entries = [entry for entry in composed.entries if entry.section == section]
        notes = [_comment(note.text) for note in composed.notes if note.section == section]
        notes = [note for note in notes if f"# {note}" not in text]  # it was said before
        if not entries and not notes:
            continue
        place = _place_of(section, top, text, name)
        lines = [line for line in (place.head,) if line]
        lines += list(_entry_lines(section, entries, place.indent))
        lines += [f"{' ' * place.indent}# {note}" for note in notes]
        before = "" if place.offset == 0 or text[place.offset - 1] in "\r\n" else break_
        if place.head and text[: place.offset].strip():
            before += break_
        pieces.append((place.offset, bool(place.head), before + break_.join(lines) + break_))
    # at one place what belongs to a section that is there comes before a new section
    pieces.sort(key=lambda one: one[:2])
    changed = text
    for offset, _, piece in reversed(
        pieces
    ):  # from the end, so that the offsets before hold; sections keep their order
        changed = changed[:offset] + piece + changed[offset:]
    _prove(text, changed, composed, name)
    return changed


def _prove(before: str, after: str, composed: Composed, name: str) -> None:
    """What was there and what is new, and nothing else, is read back.

    Raises:
        AddingError: the file is laid out in a way that was not thought of.
    """
    then, now = read(before, name), read(after, name)
    wanted: dict[str, Any] = dict(then.value) if isinstance(then.value, dict) else {}
    for note in composed.notes:
        wanted.setdefault(note.section, None)
    for entry in composed.entries:
        fields = {
            key: [str(one) for one in value] if isinstance(value, tuple) else _read_back(value)
            for key, value in entry.fields.items()
        }
        wanted[entry.section] = {**(wanted.get(entry.section) or {}), entry.key: fields}
    if now.value != wanted:
        fix = "write each section as `NAME:` at the line's beginning, with one entry on each line below"
        raise AddingError(name, 1, "entries cannot be added without changing what is there", fix)


# writing --------------------------------------------------------------------------------------
def _entry_lines(section: str, entries: Sequence[Entry], indent: int) -> Iterator[str]:
    for entry in entries:
        for comment in entry.comments:
            yield f"{' ' * indent}# {_comment(comment)}"
        for line in _written(section, entry).splitlines():
            yield f"{' ' * indent}{line}"


def _written(section: str, entry: Entry) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    fields = CommentedMap()
    for key, value in entry.fields.items():
        fields[key] = CommentedSeq(value) if isinstance(value, tuple) else value
        if isinstance(value, tuple):
            fields[key].fa.set_flow_style()
    if section in _ON_ONE_LINE or not fields:
        fields.fa.set_flow_style()
    yaml = YAML()
    yaml.width = 10**6  # a line is never broken
    yaml.indent(mapping=_INDENT, sequence=2 * _INDENT, offset=_INDENT)
    stream = StringIO()
    yaml.dump(CommentedMap({entry.key: fields}), stream)
    return stream.getvalue()


def _comment(text: str) -> str:
    """On one line, of characters that YAML takes, and never a secret: what was seen is written by others."""
    plain = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
    hidden = SECRET.sub("(hidden)", plain)
    return hidden if len(hidden) <= _MOST_COMMENT else f"{hidden[:_MOST_COMMENT]}…"


# placing --------------------------------------------------------------------------------------
def _top(text: str, name: str) -> dict[str, tuple[Any, Any]]:
    """The nodes of the top level by key, each with its marks."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode

    yaml = YAML()
    try:
        node = yaml.compose(StringIO(text))
    except (YAMLError, ValueError, RecursionError, AssertionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise AddingError(
            name, line, f"not YAML: {type(error).__name__}", "correct it; `linkproof check` says more"
        ) from error
    except NotImplementedError as error:
        # ruamel.yaml 0.19: a comment behind a key or a dash, and one or an empty line behind the value that begins below it
        raise AddingError(
            name, 1, "a comment stands between a key and its value", "write the comment on a line of its own"
        ) from error
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        raise AddingError(name, 1, "the file is not keys and values", "begin with `version: 1`")
    if node.flow_style:
        raise AddingError(name, node.start_mark.line + 1, "the whole file is one {…}", "write a key on each line")
    return {str(key.value): (key, value) for key, value in node.value}


def _place_of(section: str, top: dict[str, tuple[Any, Any]], text: str, name: str) -> _Place:
    if section not in top:
        column = min((key.start_mark.column for key, _ in top.values()), default=0)
        return _Place(_end_of_content(text, top), column + _INDENT, f"{' ' * column}{section}:")
    key, value = top[section]
    line = key.start_mark.line + 1
    if _is_nothing(value):
        if value.end_mark.index != value.start_mark.index:  # `links: null`
            raise AddingError(name, line, f"{section} is written as {value.value}", f"write `{section}:` alone")
        return _Place(_line_end(text, key.end_mark.index), key.start_mark.column + _INDENT)
    if value.id != "mapping":
        raise AddingError(
            name, line, f"{section} is no mapping", f"write `{section}:` and one entry on each line below"
        )
    if value.flow_style:
        fix = f"write `{section}:` and one entry on each line below, as in `KEY: {{…}}`"
        raise AddingError(name, line, f"{section} is written in braces, where no line can be added", fix)
    # the mapping's own mark, for a key may stand behind a question mark
    return _Place(_line_end(text, _last_index(value)), value.start_mark.column)


def _is_nothing(node: Any) -> bool:
    return bool(node.id == "scalar" and node.style is None and node.value in {"", "~", "null", "Null", "NULL"})


def _last_index(node: Any) -> int:
    """Where the last thing that is written in a node ends; a block's own mark is behind the comments that follow it."""
    if node.id == "scalar" and node.style in {"|", ">"}:
        return int(node.end_mark.index) - 1
    if node.id == "scalar" or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    if not isinstance(last, tuple):
        return _last_index(last)
    return _pair_end(*last)


def _pair_end(key: Any, value: Any) -> int:
    """A value that is nothing has the mark of whatever comes next."""
    return int(key.end_mark.index) if _is_nothing(value) else _last_index(value)


def _end_of_content(text: str, top: dict[str, tuple[Any, Any]]) -> int:
    """Where a new section begins: at the file's end, but before a line that ends the document."""
    last = max((_pair_end(key, value) for key, value in top.values()), default=0)
    offset = _line_end(text, last) if top else 0
    while offset < len(text):
        following = _line_end(text, offset)
        if text[offset:following].rstrip().split(" ")[0] == "...":
            return offset
        offset = max(following, offset + 1)
    return len(text)


def _line_end(text: str, index: int) -> int:
    """Behind the line break that ends the line of this character."""
    while index < len(text) and text[index] not in "\r\n":
        index += 1
    return index + (2 if text[index : index + 2] == "\r\n" else 1) if index < len(text) else index


def _read_back(value: str | int) -> str:
    """A scalar as the file's text has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
