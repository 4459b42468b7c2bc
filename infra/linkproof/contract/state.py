"""The engine's state as plug-ins read it: which resources exist, since when, and what is unfinished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the state.

    Args:
        modified: RFC 3339; when the engine last changed it.
        account: name of the credentials that its provider instance was made with; None without a provider.
        import_id: the id that it was imported with; None where the engine made it.
        is_kept: the engine will forget it and leave the object, where it would delete it.
    """

    urn: str
    type: str
    id: str | None
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    protect: bool
    created: str | None
    modified: str | None
    account: str | None = None
    import_id: str | None = None
    is_kept: bool = False

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, eq=False)
class State:
    """What the last deployment left.

    Args:
        outputs: the stack's outputs, of the last deployment that reached its end.
        pending: operations that were under way when the engine died.
        leaving: what the next deployment deletes, or has to make again because it is gone.
        written_at: RFC 3339; when the engine last wrote the state; empty where it never did.
        record_types: the engine types that are DNS records.
    """

    resources: tuple[Resource, ...]
    outputs: dict[str, Any]
    pending: tuple[dict[str, Any], ...]
    leaving: tuple[Resource, ...] = ()
    written_at: str = ""
    record_types: tuple[str, ...] = ()

    @property
    def stack(self) -> str:
        """The stack's name, as every URN has it; STACK where there is no resource."""
        return self.resources[0].urn.split(":")[2] if self.resources else "STACK"

    def find(self, rtype: str, name: str) -> Resource | None:
        return self._index.get((rtype, name))

    def of_types(self, *types: str) -> Iterator[Resource]:
        """What exists, in the state's order."""
        return (resource for resource in self.resources if resource.type in types)

    def record(self, name: str) -> Resource | None:
        """The DNS record of that resource name, whoever serves it."""
        return next((found for rtype in self.record_types if (found := self.find(rtype, name)) is not None), None)

    def is_record(self, resource: Resource) -> bool:
        return resource.type in self.record_types

    @cached_property
    def _index(self) -> dict[tuple[str, str], Resource]:
        index: dict[tuple[str, str], Resource] = {}
        for resource in self.resources:
            index.setdefault((resource.type, resource.name), resource)
        return index
