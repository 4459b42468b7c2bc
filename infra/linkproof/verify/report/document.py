"""The JSON form and its published schema."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from linkproof.verify.report.rows import Rows
from linkproof.verify.seen import MOST_LEFT_IDS, SEEN_STATES, VANTAGE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult

_UNUSUAL = re.compile(r"[^\n -~]")
# Tokens of JSON that are written together.
_TOKENS = 4096


def render(result: VerificationResult, expectations: Expectations, at: datetime) -> str:  # noqa: ARG001 - every form has this signature
    return dumps(result.to_json())


def dumps(document: Any) -> str:
    """JSON in which control, format and other invisible characters are escaped: it may be read on a terminal."""
    return "".join(pieces(document))


def written(result: VerificationResult, expectations: Expectations, at: datetime) -> Iterator[str]:  # noqa: ARG001 - as `render`
    """`render`, piece by piece: of a large run neither the tree nor the text is ever there as a whole."""
    return pieces(result.to_json(Rows))


def pieces(document: Any, indent: int = 2) -> Iterator[str]:
    """`dumps`, piece by piece."""
    tokens: list[str] = []
    for token in json.JSONEncoder(indent=indent, ensure_ascii=False).iterencode(document):
        tokens.append(token)
        if len(tokens) == _TOKENS:
            yield _UNUSUAL.sub(_escaped, "".join(tokens))
            tokens.clear()
    yield _UNUSUAL.sub(_escaped, "".join(tokens)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029":
        return character
    return json.dumps(character)[1:-1] if ord(character) > 0x7F else f"\\u{ord(character):04x}"


def json_schema() -> dict[str, Any]:
    """The JSON Schema, as `schemas/verify.schema.json` holds it."""
    finding = _finding()
    lagging = _object(
        {
            **finding["properties"],
            "until": {"type": "string", "format": "date-time", "description": "when the old answer must be gone"},
        },
        required=[*finding["required"], "until"],
    )
    vantage = {"$ref": "#/$defs/vantage"}
    unchecked = _object(
        {
            "id": _text("the expectation"),
            "vantage": {"anyOf": [vantage, {"type": "null"}], "description": "null for what nobody could be asked"},
            "reason": _text("why it could not be checked"),
            "seen_from": _list(_name()),
        },
        required=["id", "vantage", "reason"],
    )
    count = {"type": "integer", "minimum": 0}
    schema = _object(
        {
            "version": {"const": 1},
            "verdict": {"enum": ["proven", "differs", "not-proven", "lagging"]},
            "findings": _list({"$ref": "#/$defs/finding"}),
            "lagging": _list({"$ref": "#/$defs/lagging"}),
            "could_not_check": _list({"$ref": "#/$defs/unchecked"}),
            "unprobed": _list(
                _object(
                    {"id": _text("the expectation"), "reason": _text("why nothing outside can be asked in its phase")}
                )
            ),
            "coverage": _object({"cells": count, "checked": count, "could_not_check": count}),
            "certificates": _list(
                _object(
                    {
                        "id": _text("the endpoint"),
                        "host": _text("its host"),
                        "not_before": {
                            "type": "string",
                            "format": "date-time",
                            "description": "from when the leaf of that path is valid",
                        },
                        "not_after": {
                            "type": "string",
                            "format": "date-time",
                            "description": "the first end of the certificates on the paths that its addresses showed",
                        },
                        "seen_from": _list(_name()),
                    },
                    required=["id", "host", "not_before", "not_after"],
                )
            ),
            "timing": {
                "type": "object",
                "additionalProperties": {"type": "number"},
                "description": "seconds by stage, and how many rounds and DNS questions there were",
            },
            "limits": _list(
                _object(
                    {
                        "reason": _text("what was not seen, or cannot be from outside, and decides nothing"),
                        "ids": _list(_text("the expectation that it is about")),
                    }
                )
            ),
            **_of_parts(count),
        }
    )
    # left out where there is none
    schema["required"] = [name for name in schema["required"] if name not in {"unprobed", *_of_parts(count)}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "linkproof verify, version 1",
        **schema,
        "$defs": {"vantage": _vantage(), "finding": finding, "lagging": lagging, "unchecked": unchecked},
    }


def _finding() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "rule": _text("see `linkproof explain RULE`"),
        "severity": {"enum": ["error", "warning"]},
        "id": _text("the expectation, or the zone for a fault of a server or zone"),
        "affects": _list(_text("the id of what depends on it")),
        "name": _text("the DNS name or host"),
        "type": _text("the record type, or TLS, HTTP, HTTPS"),
        "expected": _text("what was declared"),
        "observed": _text("what was answered"),
        "vantage": {"$ref": "#/$defs/vantage"},
        "why": _text("what is wrong"),
        "fix": _text("what to do about it"),
        "place": _text("file:line:column in the declaration; empty where it is not known"),
        "reproduce": _text("a shell command that shows the same; empty where there is nobody to ask"),
    }
    properties["seen_from"] = _list(_name())
    return _object(properties, required=[name for name in properties if name not in {"reproduce", "seen_from"}])


def _of_parts(count: dict[str, Any]) -> dict[str, Any]:
    """Of a run that is one of several, and of several together."""
    part = _object(
        {
            "shard": _text("K/N: which share of the zones it asked about"),
            "vantage": _name(),
            "at": {"type": "string", "format": "date-time", "description": "when it ended"},
            "verdict": {"enum": ["proven", "differs", "not-proven", "lagging"]},
            "coverage": _object({"cells": count, "checked": count, "could_not_check": count}),
            "expectations": _text("the digest of the whole expectations that it is a part of"),
            "timing": {"type": "object", "additionalProperties": {"type": "number"}},
            "asked_for": {
                "type": "object",
                "additionalProperties": count,
                "description": "expectations asked about by reason, where it left some: wrong, expiring, changed, sample",
            },
        },
        required=["shard", "vantage", "at", "verdict", "coverage", "expectations"],
    )
    asked = _object(
        {
            "id": _text("the expectation"),
            "digest": _text("of the expectation: another one when the declaration changed"),
            "seen": {
                "type": "object",
                "additionalProperties": {"enum": list(SEEN_STATES)},
                "description": "its state by the name of the place from which it was asked",
            },
        }
    )
    left = _object(
        {
            "count": count,
            "of": {**count, "description": "expectations in all; one that several places ask about counts for each"},
            "ids": {**_list(_text("the first of them")), "maxItems": MOST_LEFT_IDS},
            "run": {**count, "description": "how many runs in a row have asked a part"},
        }
    )
    return {"parts": _list(part), "expected_vantages": _list(_name()), "asked": _list(asked), "not_asked": left}


def _name() -> dict[str, Any]:
    return {"type": "string", "pattern": VANTAGE_NAME, "description": "a place from which was asked, as `tokyo`"}


def _vantage() -> dict[str, Any]:
    return _object(
        {
            "kind": {"enum": ["authoritative", "resolver", "edge"]},
            "server": _text("its name, or what was given for a resolver"),
            "address": _text("the address that was asked; empty when there was none"),
            "transport": {"enum": ["udp", "tcp", "tls", "https", "http"]},
        }
    )


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required if required is not None else list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}
