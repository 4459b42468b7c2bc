"""What a resource accepts: a small schema that checks inputs, makes them comparable and names their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from linkproof.providers.protocol.values import Unknown, has_unknown

Kind = Literal["text", "number", "flag", "list", "set", "map", "object", "any"]

_PYTHON: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "flag": (bool,),
    "list": (list,),
    "set": (list,),
    "map": (dict,),
    "object": (dict,),
}
_NAMED = {
    "text": "a string",
    "number": "a number",
    "flag": "true or false",
    "list": "a list",
    "set": "a list",
    "map": "a map",
    "object": "an object",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One property.

    Args:
        replaces: a change of it replaces the resource.
        default: what its absence means; a value equal to it compares as absent.
        fold: makes spellings that mean the same compare equal.
        choices: the only values that the vendor takes.
        item: of a list, set or map.
        fields: of an object, by name.
        elsewhere: names that another provider of the same type has and this one does not serve.
    """

    kind: Kind
    required: bool = False
    replaces: bool = False
    default: Any = None
    fold: Callable[[Any], Any] | None = None
    choices: tuple[str, ...] = ()
    item: Field | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Field:
        return replace(self, **changes)


TEXT = Field("text")
NUMBER = Field("number")
FLAG = Field("flag")
NAME = Field("text", fold=lambda name: name.rstrip(".").lower())  # a domain name
TEXTS = Field("list", item=TEXT)
TEXT_SET = Field("set", item=TEXT)
NAME_SET = Field("set", item=NAME)
TEXT_MAP = Field("map", item=TEXT)


def words(text: str) -> tuple[str, ...]:
    """Names written one after the other."""
    return tuple(text.split())


def required(what: Field) -> Field:
    return what.but(required=True)


def replacing(what: Field) -> Field:
    return what.but(replaces=True)


def choice(*values: str, default: str | None = None) -> Field:
    return Field("text", choices=values, default=default)


def obj(fields: Mapping[str, Field], elsewhere: tuple[str, ...] = ()) -> Field:
    return Field("object", fields=fields, elsewhere=elsewhere)


def list_of(item: Field) -> Field:
    return Field("list", item=item)


def set_of(item: Field) -> Field:
    return Field("set", item=item)


def problems(what: Field, value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Everything wrong with a value: (property path, reason)."""
    if value is None or isinstance(value, Unknown):
        return
    if what.kind == "any":
        return
    if not _is_of(what.kind, value):
        yield path, f"must be {_NAMED[what.kind]}"
        return
    if what.choices and value not in what.choices:
        yield path, f"must be one of {', '.join(what.choices)}; got {value}"
    if what.kind == "object":
        for name in value:
            if name in what.elsewhere:
                yield join(path, name), "the real provider has this property, this stand-in does not serve it"
            elif name not in what.fields:
                yield join(path, name), f"unknown property; known here: {', '.join(sorted(what.fields))}"
        for name, inner in what.fields.items():
            if inner.required and value.get(name) is None:
                yield join(path, name), "missing required property"
            else:
                yield from problems(inner, value.get(name), join(path, name))
    elif what.item is not None:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner_value in pairs:
            yield from problems(what.item, inner_value, join(path, key))


def _is_of(kind: Kind, value: Any) -> bool:
    return isinstance(value, _PYTHON[kind]) and not (kind == "number" and isinstance(value, bool))


def normal(what: Field, value: Any) -> Any:
    """The value in its one comparable form; None when it says no more than its absence does."""
    if value is None or isinstance(value, Unknown):
        return value
    result = value
    if what.kind == "object":
        result = {}
        for name, inner in what.fields.items():
            inner_value = normal(inner, value.get(name))
            if inner_value is not None:
                result[name] = inner_value
    elif what.kind in {"list", "set"} and what.item is not None:
        result = [normal(what.item, item) for item in value]
        if what.kind == "set":
            result = sorted(result, key=repr)
    elif what.kind == "map" and what.item is not None:
        result = {key: normal(what.item, item) for key, item in sorted(value.items())}
    if what.fold is not None:
        result = what.fold(result)
    if isinstance(result, dict | list) and not result:
        return None
    return None if what.default is not None and result == what.default else result


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between old and new inputs."""

    path: str
    kind: Literal["add", "delete", "update"]
    replaces: bool


def changes(what: Field, old: Any, new: Any, path: str = "", *, replaces: bool = False) -> Iterator[Change]:
    """The differences of two values in their normal form."""
    replaces = replaces or what.replaces
    if isinstance(new, Unknown) or isinstance(old, Unknown):
        yield Change(path, "update", replaces)
    elif old is None and new is None:
        return
    elif path and (old is None or new is None):
        yield Change(path, "add" if old is None else "delete", replaces)
    elif what.kind == "object":
        for name, inner in what.fields.items():
            yield from changes(inner, (old or {}).get(name), (new or {}).get(name), join(path, name), replaces=replaces)
    elif what.kind == "map" and what.item is not None:
        for key in sorted({*old, *new}):
            yield from changes(what.item, old.get(key), new.get(key), join(path, key), replaces=replaces)
    elif what.kind == "list" and what.item is not None:
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            yield from changes(what.item, before, after, join(path, index), replaces=replaces)
    elif old != new or has_unknown(new):  # a list with an unknown in it is equal to itself
        yield Change(path, "update", replaces)


def join(path: str, key: str | int) -> str:
    """The path of a property inside another, as the engine writes it."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if not key.replace("_", "a").isalnum():
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def pruned(what: Field, value: Any) -> Any:
    """The value without what its absence would say too, in the spelling that it came in."""
    if value is None or (what.default is not None and value == what.default):
        return None
    if what.kind == "object":
        inner = {name: pruned(what.fields[name], value.get(name)) for name in what.fields}
        value = {
            name: item if item is not None else value[name]
            for name, item in inner.items()
            if item is not None or (what.fields[name].required and name in value)
        }
    elif what.kind in {"list", "set"} and what.item is not None:
        value = [pruned(what.item, item) for item in value]
    return None if isinstance(value, dict | list) and not value else value
