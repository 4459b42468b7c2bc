"""Which misbehaviour was ordered, and whether it concerns a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linkproof_lab.nameservers.zoneview import ancestors
from linkproof_lab.store import Store

KIND = "dns-fault"

# A name that is a CNAME answers every type with it, so a fault in its data shows in all of them.
_IN_THE_DATA = frozenset({"wrong-value", "missing-type", "duplicate-cname"})


@dataclass(frozen=True, slots=True)
class DnsFault:
    """One document of kind `dns-fault`.

    Args:
        server: address of the server, or `*`.
        zone: name of the zone without the trailing dot, or `*`; empty is the root.
        name: the one name concerned, or all of the zone.
        type: the one record type concerned, or all.
        mode: a key of `misbehave.MODES`.
        parameters: everything else in the document (`data`, `ttl`, `serial`, `seconds`).
    """

    server: str
    zone: str
    mode: str
    name: str | None = None
    type: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_document(cls, doc: dict[str, Any]) -> DnsFault:
        rest = {key: value for key, value in doc.items() if key not in {"server", "zone", "name", "type", "mode"}}
        name, rtype = doc.get("name"), doc.get("type")
        return cls(
            server=doc.get("server", "*"),
            zone=doc.get("zone", "*").removesuffix(".").lower(),
            mode=doc["mode"],
            name=name.removesuffix(".").lower() if name else None,
            type=rtype.upper() if rtype else None,
            parameters=rest,
        )

    def concerns_server(self, *addresses: str) -> bool:
        return self.server == "*" or self.server in addresses

    def concerns(self, zone: str | None, name: str, rtype: str) -> bool:
        """Whether a question is meant. `zone` is the one the server would answer from; a resolver has none (None)."""
        if self.zone != "*" and self.zone not in ([zone] if zone is not None else ancestors(name)):
            return False
        if self.name is not None and self.name != name:
            return False
        return self.type in (None, rtype) or (self.type == "CNAME" and self.mode in _IN_THE_DATA)


def read_faults(store: Store) -> list[DnsFault]:
    return [DnsFault.from_document(doc) for _, doc in store.all(KIND) if isinstance(doc.get("mode"), str)]
