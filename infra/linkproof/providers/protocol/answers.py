"""The small pieces that the servicer's answers are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from linkproof.providers.protocol.base import State
from linkproof.providers.protocol.messages import provider_pb2
from linkproof.providers.protocol.values import Properties, from_struct

KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


def outputs(state: State, inputs: Properties) -> Properties:
    return {**state.inputs, **inputs, **state.computed}


def failures(found: list[tuple[str, str]]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=name, reason=f"{name}: {reason}") for name, reason in found]


def verdict(found: list[Any]) -> Any:
    return provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE


def token(urn: str) -> str:
    """urn:pulumi:stack::project::parent$type::name; the name may hold anything, `::` too."""
    return urn.split("::", 3)[2].rpartition("$")[2]


def top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def unique(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))


def made_up_name(request: provider_pb2.CheckRequest) -> str:
    """The name of before, else the resource's own with seven digits that differ from run to run."""
    before = from_struct(request.olds).get("name")
    if isinstance(before, str):
        return before
    seed = hashlib.sha256(request.randomSeed or request.urn.encode()).hexdigest()
    return f"{request.urn.split('::', 3)[3]}-{seed[:7]}"
