"""A record set at a primary server: made where nothing stands, changed in place, taken away while it is what was made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import ClassVar

from linkproof.dns.rfc2136.primary import ChangedError, Primary
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.dns.rfc2136.state import RECORD_TYPE, joined_id, parted_id
from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.kind import Kind, exists
from linkproof.providers.protocol.schema import FLAG, NAME, NUMBER, TEXT, TEXT_SET, obj, replacing, required
from linkproof.providers.protocol.session import READ_SECONDS
from linkproof.providers.protocol.values import Properties, has_unknown
from linkproof.rdata import plain, presented

_LONGEST_TTL = 2**31 - 1


class RecordSets(Kind):
    """`shared` says that others may have made the very same one, which is then left to stand and not refused."""

    token = RECORD_TYPE
    schema = obj(
        {
            "zone": required(replacing(NAME)),
            "name": required(replacing(NAME)),
            "type": required(replacing(TEXT)),
            "ttl": required(NUMBER),
            "values": required(TEXT_SET),
            "shared": FLAG,
        }
    )
    local = ("shared",)
    default_seconds: ClassVar[float] = 120

    def __init__(self, primary: Primary, cancelled: threading.Event) -> None:
        self._primary = primary
        self._cancelled = cancelled

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from super().problems(inputs)
        zone, name, ttl = inputs.get("zone"), inputs.get("name"), inputs.get("ttl")
        if isinstance(zone, str) and isinstance(name, str) and not f".{plain(name)}".endswith(f".{plain(zone)}"):
            yield "name", f"{name} is not in zone {zone}"
        if isinstance(ttl, int | float) and not (0 <= ttl <= _LONGEST_TTL and ttl == int(ttl)):
            yield "ttl", f"must be whole seconds, {_LONGEST_TTL} at most (RFC 2181 §8)"
        if inputs.get("values") == []:
            yield "values", "a record set has a value"
        if not any(has_unknown(inputs.get(one)) for one in ("type", "ttl", "values")):
            try:
                _wanted(inputs).rdataset()
            except (LinkproofError, KeyError, TypeError, ValueError) as error:
                yield "values", str(error)

    def normal(self, inputs: Properties) -> Properties:
        """Values in presentation form; names in them in any case."""
        known = super().normal(inputs)
        values = known.get("values")
        if isinstance(values, list) and not has_unknown(values) and isinstance(known.get("type"), str):
            known["values"] = sorted(_comparable(known["type"], value) for value in values)
        return known

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: something stands there.
        PrimaryError: the server refuses or cannot be reached.
        """
        zone, name, record_type = plain(inputs["zone"]), plain(inputs["name"]), str(inputs["type"])
        wanted = _wanted(inputs)
        id_ = joined_id(zone, name, record_type)
        try:
            self._primary.create(zone, name, wanted, patience)
        except ChangedError:
            held = self._primary.held(zone, name, record_type, patience)
            if held is None or not held.has_same_data(wanted):
                raise
            if inputs.get("shared") is not True:
                raise exists(f"record {name} {held.shown()}", self.token, name, id_, self._primary.title) from None
            return _state(id_, held)
        return _state(id_, wanted)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        """Raises:
        ProviderError: the id is none.
        """
        try:
            zone, name, record_type = parted_id(resource_id)
        except ValueError:
            raise ProviderError(f"{resource_id} is no id of a record set", "write ZONE/NAME/TYPE") from None
        held = self._primary.held(zone, name, record_type, Patience(READ_SECONDS, self._cancelled))
        return None if held is None else _state(resource_id, held)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """Only what is as it was, or as it is to be, when it is changed."""
        zone, name, record_type = parted_id(resource_id)
        wanted, before = _wanted(inputs), _wanted({**old_outputs, "type": record_type})
        held = self._primary.held(zone, name, record_type, patience)
        if held is None:
            self._primary.create(zone, name, wanted, patience)
        elif not wanted.says_the_same(held):
            # the TTL is no part of a prerequisite: what counts is where it led
            self._primary.replace(zone, name, before, wanted, patience)
        return _state(resource_id, wanted)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Nothing is taken away that somebody has changed since."""
        zone, name, record_type = parted_id(resource_id)
        if self._primary.held(zone, name, record_type, patience) is not None:
            before = _wanted({**outputs, "type": record_type})
            self._primary.delete(zone, name, before, patience)


def _wanted(inputs: Properties) -> RecordSet:
    return RecordSet(str(inputs["type"]), int(inputs["ttl"]), tuple(map(str, inputs["values"])))


def _comparable(record_type: str, value: object) -> str:
    return presented("TXT", str(value)) if record_type == "TXT" else plain(str(value))


def _state(id_: str, held: RecordSet) -> State:
    zone, name, record_type = parted_id(id_)
    inputs: Properties = {
        "zone": zone,
        "name": name,
        "type": record_type,
        "ttl": held.ttl_seconds,
        "values": list(held.values),
    }
    return State(id_, inputs)
