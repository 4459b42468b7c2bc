"""What pydantic found wrong with one entry, in our words and with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from linkproof import registry
from linkproof.declaration.form import DISCRIMINATORS, FORMS
from linkproof.declaration.problem import Place, Problem
from linkproof.show import did_you_mean, near_word, show, show_value

# Words that people write where a service of ours is expected: what they name, and what to do where that is not plain.
KNOWN_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "adebis": ("AD EBiS", ""),
        "adobe": ("Adobe Analytics", ""),
        "at-internet": ("Piano Analytics", ""),
        "commanders-act": ("Commanders Act", ""),
        "criteo": ("Criteo", ""),
        "eulerian": ("Eulerian", ""),
        "gtm": ("Google Tag Manager", ""),
        "matomo": ("Matomo", ""),
        "piano": ("Piano Analytics", ""),
        "webtrekk": ("Mapp Intelligence", ""),
        "braze": (
            "Braze",
            "Braze sends through SendGrid or SparkPost: write the one it uses for you, with `account: external`",
        ),
    }
)

# Where a word is the name of a vendor: what to do with one that is none of ours.
_ELSEWHERE: Final = {
    ("edges", "provider"): ("edge.not-known", "use one of: {known}; or leave the links of this edge out of the file"),
    ("links", "sender"): ("sender.not-known", "leave this link out of the file; served are: {known}"),
    ("senders", "provider"): ("sender.not-known", "leave its links out of the file; served are: {known}"),
    ("tracking_hosts", "provider"): (
        "tracking.not-known",
        "leave this host out of the file: it is neither provisioned nor verified here; served are: {known}",
    ),
    ("zones", "dns"): ("zones.dns-not-known", "write `dns: manual`: the records are then printed for you to publish"),
}

# What a person might write to have a tracking host proxied.
_PROXY_KEYS: Final = frozenset({"proxied", "proxy", "edge"})

# Keys of a plug-in's own forms whose word says which of several forms an entry has.
_TELLS_WHICH: Final = ("to", "on", "source")

# Errors of how many entries there are.
_COUNTED: Final = ("too_short", "too_long")

_EXPECTED: Final = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "string_pattern_mismatch": "a word of a-z, 0-9, hyphen and underscore, at most 63 characters",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def problem_of(error: ErrorDetails, path: str, form: type[BaseModel], places: Mapping[str, Place]) -> Problem:
    """One pydantic error as a problem.

    Args:
        error: from `ValidationError.errors()`.
        path: of the entry that was validated; empty for the top level.
        form: the entry's form, for the names of its keys.
        places: where each path is written.
    """
    location = list(_written([str(part) for part in error["loc"]], path, places))
    inner = ".".join([path, *location] if path else location)
    field = location[-1] if location else ""
    if error["type"] == "missing":
        return _missing(inner, field, form, places)
    place = places.get(inner) or nearest(inner, places)
    if error["type"] == "extra_forbidden":
        return _unknown(inner, field, form, location, place)
    if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return _which_form(error, inner, places)
    value = error["input"]
    word = value if isinstance(value, str) else ""
    if error["type"] == "literal_error" and (ours := _ours(word, path, inner, field, place)) is not None:
        return ours
    if error["type"] == "literal_error" and (elsewhere := _elsewhere(error, path, inner, field, place)) is not None:
        return elsewhere
    expected, fix = _expected(error)
    # the URL of a canary is its recipient's, wherever it was written by mistake
    found = "something else" if "canaries" in location else show_value(value)
    if error["type"] in _COUNTED:
        found = str(error["ctx"]["actual_length"])
    return Problem("shape.value", place, inner, f"expected {expected}, found {found}", fix)


def _which_form(error: ErrorDetails, path: str, places: Mapping[str, Place]) -> Problem:
    """The key that says which of several forms an entry has is missing, or holds another word."""
    context = error.get("ctx", {})
    key = str(context["discriminator"]).strip("'")
    if error["type"] == "union_tag_not_found":
        problem = f"the key {show(key)} is missing"
        return Problem("shape.missing-key", nearest(path, places), path, problem, f"add `{key}: …`")
    words = [word.strip("'") for word in str(context["expected_tags"]).split(", ")]
    found = str(context["tag"])
    inner, message = f"{path}.{key}", f"expected one of {', '.join(words)}, found {show_value(found)}"
    return Problem("shape.value", nearest(inner, places), inner, message, did_you_mean(found, words))


def _written(location: list[str], path: str, places: Mapping[str, Place]) -> Iterator[str]:
    """The location without the words that tell which form an entry has: pydantic puts the value of that key behind the entry's own."""
    for number, part in enumerate(location):
        here = f"{path}.{part}" if path else part
        is_tag = here not in places and any(f"{path}.{key}" in places for key in _TELLS_WHICH)
        if is_tag and number + 1 < len(location):
            continue
        path = here
        yield part


def nearest(path: str, places: Mapping[str, Place]) -> Place:
    """The place of the nearest parent that is written; the first line of the file at worst."""
    while path:
        if path in places:
            return places[path]
        path = path.rpartition(".")[0]
    first = next(iter(places.values()), Place("", 1, 1))
    return Place(first.file, 1, 1)


# Where a word is the name of a plug-in of ours: what it is called, and those that can be declared.
_OURS: Final = {
    ("edges", "provider"): ("edge", registry.EDGES, registry.edge),
    ("senders", "provider"): ("sender", registry.SENDERS, registry.sender),
    ("links", "sender"): ("sender", registry.SENDERS, registry.sender),
}


def _ours(word: str, path: str, inner: str, field: str, place: Place) -> Problem | None:
    """A service of ours that cannot stand here: it is recognised by its answers alone, or needs no entry."""
    ours = _OURS.get((path.partition(".")[0], field))
    if ours is None or word not in ours[1]:
        return None
    kind, _, plugin = ours
    if plugin(word).is_complete:
        message = f"{kind} {show(word)} needs no entry"
        return Problem("shape.value", place, inner, message, f"remove it, and write `{kind}: {word}` in the link")
    known = ", ".join(FORMS[f"{kind}s"])
    message = f"{kind} {show(word)} is not supported yet; supported: {known}"
    return Problem(f"{kind}.not-supported-yet", place, inner, message, f"use one of: {known}")


def _elsewhere(error: ErrorDetails, path: str, inner: str, field: str, place: Place) -> Problem | None:
    """A vendor that is not ours, which a typing error in one of ours is not: nothing near may be suggested for it."""
    word = error["input"]
    told = _ELSEWHERE.get((path.partition(".")[0], field))
    known = _allowed(error)
    if told is None or not isinstance(word, str) or near_word(word, known) is not None:
        return None
    rule, fix = told
    named, hint = KNOWN_ELSEWHERE.get(word.casefold(), ("", ""))
    if word.casefold() in registry.TRACKING:
        name = registry.tracking(word.casefold()).facts.NAME
        named, hint = name, f"a {name} host belongs under `tracking_hosts:`; the sender is who writes the mail's links"
    shown = f"{show(word)} ({named})" if named else show(word)
    return Problem(rule, place, inner, f"{field} {shown} is not known here", hint or fix.format(known=", ".join(known)))


def _allowed(error: ErrorDetails) -> list[str]:
    """The words of a literal that was not met."""
    expected = str(error.get("ctx", {})["expected"])
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]


def _missing(inner: str, field: str, form: type[BaseModel], places: Mapping[str, Place]) -> Problem:
    parent = inner.rpartition(".")[0]
    example = "version: 1" if field == "version" else f"{field}: …"
    section = inner.partition(".")[0]
    is_which = DISCRIMINATORS.get(section) == field
    words = tuple(FORMS[section]) if is_which else _words(form, field)
    fix = f"add `{example}`" + (f" ({', '.join(words)})" if words else "")
    return Problem("shape.missing-key", nearest(parent, places), parent, f"the key {show(field)} is missing", fix)


def _unknown(inner: str, field: str, form: type[BaseModel], location: list[str], place: Place) -> Problem:
    if inner.startswith("tracking_hosts.") and field in _PROXY_KEYS:
        message = "a KARTE host is never proxied: KARTE terminates TLS itself, with the certificate uploaded to it"
        return Problem("tracking.never-proxied", place, inner, message, "remove the key; the record is DNS only")
    known: list[str] = list(form.model_fields)
    others = _others_with(field, inner.partition(".")[0], form)
    if len(location) == 1 and others:
        which = DISCRIMINATORS[inner.partition(".")[0]]
        message = f"unknown key {show(field)}: it belongs to {which} {' or '.join(others)}"
        return Problem("shape.unknown-key", place, inner, message, f"remove it, or name that {which}")
    if len(location) > 1:  # inside a list of entries, or a mapping of its own
        names = [name for one in _inside(form, location[:-1]) for name in one.model_fields]
        known = [name for name in dict.fromkeys(names) if name != field] or known  # another of its forms may have it
    return Problem("shape.unknown-key", place, inner, f"unknown key {show(field)}", did_you_mean(field, known))


def _inside(form: type[BaseModel], location: list[str]) -> list[type[BaseModel]]:
    """The forms that may stand at a place below another one: several where a key of theirs says which."""
    forms = [form]
    for part in location:
        annotations = [one.model_fields[part].annotation for one in forms if part in one.model_fields]
        # what is no key is a place in a list, or a name that a person chose
        forms = [found for one in annotations for found in _models(one)] if annotations else forms
    return forms


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _others_with(field: str, section: str, form: type[BaseModel]) -> list[str]:
    """The plug-ins of the same kind whose form has this key."""
    forms = FORMS.get(section, {})
    return [name for name, other in forms.items() if other is not form and field in other.model_fields]


def _expected(error: ErrorDetails) -> tuple[str, str]:
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "literal_error":
        words = _allowed(error)
        value = error["input"]
        if len(words) == 1:
            return words[0], f"write {words[0]}"
        near = did_you_mean(value, words) if isinstance(value, str) else f"use one of: {', '.join(words)}"
        return f"one of {', '.join(words)}", near
    if kind == "greater_than_equal":
        return f"a number of at least {context['ge']}", "use a larger number"
    if kind == "less_than_equal":
        return f"a number of at most {context['le']}", "use a smaller number"
    if kind in _COUNTED:
        bound, number = ("least", context["min_length"]) if kind == "too_short" else ("most", context["max_length"])
        fix = "add what is missing" if kind == "too_short" else f"leave {context['actual_length'] - number} out"
        return f"at {bound} {number} {'entry' if number == 1 else 'entries'}", fix
    expected = _EXPECTED.get(kind) or error["msg"]
    return expected, f"write {expected}"


def _words(form: type[BaseModel], field: str) -> tuple[str, ...]:
    """The words a missing key may hold, where it holds one of a few."""
    annotation: Any = form.model_fields[field].annotation if field in form.model_fields else None
    return tuple(word for word in getattr(annotation, "__args__", ()) if isinstance(word, str))
