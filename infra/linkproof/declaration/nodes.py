"""From text to a tree of nodes with places, within limits.

It reads the parser's events and never composes: an alias is refused when it is seen, so nothing can explode. Every
scalar stays the text that was written; what it means is for the schema to say (`id: 0123` and `name: no` are text).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from linkproof.declaration.problem import Place, Problem
from linkproof.secret_shapes import is_secret_at, looks_like_secret
from linkproof.show import show

MOST_DEPTH: Final = 16
MOST_NODES: Final = 200_000
MOST_PROBLEMS: Final = 2_000
MOST_PATH_CHARACTERS: Final = 400
"""A host name has 253; without this limit a long key above many values would multiply."""

# libyaml where PyYAML has it: ten times faster, same events.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_HIDE: Final = (
    "move it to the Pulumi config (`pulumi config set --secret`) or the environment, and replace the credential"
)


@dataclass(slots=True)
class Tree:
    """What was read: plain values (None, str, dict, list) beside the place of every path."""

    value: Any = None
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Paths that already have a problem; nothing further is said about them."""


class _Stop(Exception):  # noqa: N818 - not an error: the end of reading
    """Reading ends here; the reason is in the problems."""


class _Reader:
    """One pass over the events. Recursion is bounded by MOST_DEPTH."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.text = text
        self.tree = Tree()
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self.nodes = 0

    def read(self) -> Tree:
        try:
            self._document()
        except _Stop:
            self.tree.value = None
        except yaml.MarkedYAMLError as error:
            self.tree.value = None
            self.tree.problems.append(_syntax(error, self.name, self.text))
        except (yaml.YAMLError, ValueError) as error:
            # ValueError: PyYAML's own conversion of an escape such as "\Uffffffff".
            self.tree.value = None
            problem = f"not YAML: {type(error).__name__}"
            self.tree.problems.append(Problem("yaml.syntax", Place(self.name, 1, 1), "", problem, "correct the syntax"))
        return self.tree

    def _document(self) -> None:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._say("yaml.documents", event, "", "a second document starts here", "one file, one declaration")
                    raise _Stop
                self.tree.value = self._node(next(self.events), "", 0)

    def _node(self, event: Any, path: str, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._say("yaml.nodes", event, "", f"more than {MOST_NODES:,} values", "split the environment")
            raise _Stop
        if depth > MOST_DEPTH:
            message = f"nested deeper than {MOST_DEPTH} levels"
            self._say("yaml.depth", event, path, message, "a declaration needs five levels at most")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self._refuse("yaml.alias", event, path, "an alias (*name)", "write the value out")
            return None
        if getattr(event, "anchor", None) is not None:
            self._refuse("yaml.alias", event, path, "an anchor (&name)", "remove the anchor, write the value out")
        if getattr(event, "tag", None) is not None:
            self._refuse("yaml.tag", event, path, "a tag (!…)", "remove the tag; the schema knows each value's type")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth)
        return self._mapping(path, depth)

    def _scalar(self, event: Any, path: str) -> str | None:
        text = str(event.value)
        if not event.style and text in _NULLS:  # libyaml says "" for a plain scalar, the Python parser None
            return None
        if is_secret_at(path, text):
            self._broken("secrets.value", event, path, "the value looks like a secret", _HIDE)
        elif not text.isprintable():
            message = "the value has a control character or a line break"
            self._broken("yaml.character", event, path, message, "write it on one line, without escapes")
        return text

    def _list(self, path: str, depth: int) -> list[Any]:
        values: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = f"{path}.{len(values)}"
            self.tree.places[item] = self._place(event)
            values.append(self._node(event, item, depth + 1))
        return values

    def _mapping(self, path: str, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, path, depth)
            if key is None:
                self._node(next(self.events), f"{path}.?" if path else "?", depth + 1)
                continue
            inner = f"{path}.{key}" if path else key
            if key in values:
                message = f"the key {show(key)} is written twice, first at {self.tree.places[inner]}"
                self._say("yaml.duplicate-key", event, inner, message, "keep one of them")
                self._node(next(self.events), f"{path}.?" if path else "?", depth + 1)
                continue
            self.tree.places[inner] = self._place(event)
            values[key] = self._node(next(self.events), inner, depth + 1)
        return values

    def _key(self, event: Any, path: str, depth: int) -> str | None:
        """The key's text, or None after saying why it cannot be one."""
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, f"{path}.?" if path else "?", depth + 1)
            if not isinstance(event, yaml.AliasEvent):
                self._say("yaml.key", event, path, "a key is a list or a mapping", "write a plain word")
            return None
        if event.anchor is not None or event.tag is not None:
            self._node(event, f"{path}.?" if path else "?", depth + 1)
            return None
        self.nodes += 1
        key = str(event.value)
        if key == "<<" and not event.style:
            self._say("yaml.merge-key", event, path, "a merge key (<<) is not read", "write the keys out")
            return None
        if looks_like_secret(key):
            self._say("secrets.value", event, path, "a key looks like a secret", _HIDE)
            return None
        if len(path) + len(key) > MOST_PATH_CHARACTERS:
            self._say("yaml.key", event, path, f"the key has {len(key)} characters", "write a short word")
            return None
        if (not event.style and key in _NULLS) or not key or not key.isprintable():
            message = "a key is empty, null or has a control character"
            self._say("yaml.key", event, path, message, "write a plain word")
            return None
        return key

    # problems ---------------------------------------------------------------------------------
    def _place(self, event: Any) -> Place:
        return Place(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, rule: str, event: Any, path: str, what: str, fix: str) -> None:
        self._broken(rule, event, path, f"{what} is not read here", fix)

    def _broken(self, rule: str, event: Any, path: str, message: str, fix: str) -> None:
        self.tree.broken.add(path)
        self._say(rule, event, path, message, fix)

    def _say(self, rule: str, event: Any, path: str, message: str, fix: str) -> None:
        self.tree.problems.append(Problem(rule, self._place(event), path.replace("?", "(key)"), message, fix))
        if len(self.tree.problems) >= MOST_PROBLEMS:
            message = f"reading ends here, after {MOST_PROBLEMS:,} problems"
            self.tree.problems.append(Problem("yaml.problems", self._place(event), "", message, "correct these first"))
            raise _Stop


def _syntax(error: yaml.MarkedYAMLError, name: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
    reason = error.problem or "not YAML"
    lines = text.splitlines()
    if mark and mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t":
        return Problem("yaml.tab", place, "", "a tab character stands where YAML needs spaces", "indent with spaces")
    if "alias" in (error.context or ""):
        fix = "put the value in quotes if the * is meant; aliases are not read here"
        return Problem("yaml.alias", place, "", "a * begins an alias, and this is not one", fix)
    where = f" ({error.context})" if error.context else ""
    return Problem("yaml.syntax", place, "", f"not YAML: {reason}{where}", "correct the syntax here or just above")


def read(text: str, name: str) -> Tree:
    """Read one YAML document into plain values and places. Never raises for any text."""
    return _Reader(text, name).read()
