"""aws:route53/record:Record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkproof.providers.protocol.base import ApiError, InitFailedError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import (
    FLAG,
    NAME,
    NUMBER,
    TEXT,
    TEXT_SET,
    choice,
    obj,
    problems,
    replacing,
    required,
    set_of,
    words,
)
from linkproof.providers.protocol.values import Properties

from linkproof_lab.dns.route53.stand_in.client import RecordSet, Route53, from_wire, to_wire

_TYPES = words("A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT")
_ID = re.compile(rf"^(?:/hostedzone/)?([^_]+)_(.+)_({'|'.join(_TYPES)})$")


class Record(ResourceType):
    """A record set. Its id is ZONE_name_TYPE and keeps the type that it was created with."""

    token = "aws:route53/record:Record"  # noqa: S105
    schema = obj(
        {
            "zoneId": required(replacing(TEXT)),
            "name": required(replacing(NAME)),
            "type": required(choice(*_TYPES)),
            "ttl": NUMBER,
            "records": TEXT_SET,
            "aliases": set_of(
                obj({"name": required(NAME), "zoneId": required(TEXT), "evaluateTargetHealth": required(FLAG)})
            ),
            "allowOverwrite": FLAG,
        },
        elsewhere=words(
            "cidrRoutingPolicy failoverRoutingPolicies geolocationRoutingPolicies geoproximityRoutingPolicy healthCheckId "
            "latencyRoutingPolicies multivalueAnswerRoutingPolicy setIdentifier weightedRoutingPolicies"
        ),
    )
    computed = ("fqdn", "allowOverwrite")
    local = ("allowOverwrite",)
    default_seconds = 1800

    def __init__(self, route53: Route53) -> None:
        self._route53 = route53

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from problems(self.schema, inputs)
        if ("records" in inputs) == ("aliases" in inputs):
            yield "records", "exactly one of records and aliases must be given"
        elif "aliases" in inputs and "ttl" in inputs:
            yield "ttl", "an alias record takes its target's TTL; leave ttl out"
        elif "records" in inputs and "ttl" not in inputs:
            yield "ttl", "missing: a record that is not an alias needs a ttl"

    def create(self, inputs: Properties, patience: Patience) -> State:
        action = "UPSERT" if inputs.get("allowOverwrite") is True else "CREATE"
        zone_id, wanted = inputs["zoneId"], self._wanted(inputs)
        change_id = self._route53.change(zone_id, [(action, wanted)])
        state = _state(_id(zone_id, inputs["name"], wanted.type), inputs["name"], zone_id, wanted)
        return self._settled(state, change_id, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        match = _ID.match(resource_id)
        if match is None and not outputs:
            raise ProviderError(
                f"{resource_id} is not the id of a record",
                "write ZONEID_name_TYPE, such as Z0EXAMPLE_www.example.com_CNAME",
            )
        zone_id, name, record_type = match.groups() if match else ("", "", "")
        zone_id = str(outputs.get("zoneId", zone_id))
        name = str(outputs.get("name", name))
        record_type = str(outputs.get("type", record_type))
        try:
            found = self._route53.record_set(zone_id, self._route53.full_name(name, zone_id), record_type)
        except ApiError as error:
            if error.code == "NoSuchHostedZone":
                return None
            raise
        return _state(resource_id, name, zone_id, found) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        zone_id, wanted = inputs["zoneId"], self._wanted(inputs)
        changes = [("UPSERT", wanted)]
        if old_outputs.get("type") != wanted.type:
            # A type changes in one batch, so that the name is at no moment without an answer.
            held = self._route53.record_set(zone_id, wanted.name, old_outputs["type"])
            changes = [*([("DELETE", held)] if held else []), ("CREATE", wanted)]
        change_id = self._route53.change(zone_id, changes)
        return self._settled(_state(resource_id, inputs["name"], zone_id, wanted), change_id, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        state = self.read(resource_id, outputs)
        if state is None:
            return
        held = self._wanted(state.inputs)
        try:
            change_id = self._route53.change(state.inputs["zoneId"], [("DELETE", held)])
        except ApiError as error:
            if error.code == "InvalidChangeBatch" and "not found" in error.message:
                return
            raise
        self._route53.wait_for(change_id, patience)

    def _settled(self, state: State, change_id: str, patience: Patience) -> State:
        try:
            self._route53.wait_for(change_id, patience)
        except ProviderError as error:
            raise InitFailedError(state, str(error)) from error
        return state

    def _wanted(self, inputs: Properties) -> RecordSet:
        record_type = inputs["type"]
        return RecordSet(
            name=self._route53.full_name(inputs["name"], inputs["zoneId"]),
            type=record_type,
            ttl_seconds=inputs.get("ttl"),
            values=to_wire(record_type, inputs.get("records") or []),
            aliases=tuple((a["name"], a["zoneId"], a["evaluateTargetHealth"]) for a in inputs.get("aliases") or []),
        )


def _id(zone_id: str, name: str, record_type: str) -> str:
    return f"{zone_id}_{name.rstrip('.').lower()}_{record_type}"


def _state(resource_id: str, name: str, zone_id: str, held: RecordSet) -> State:
    inputs: Properties = {"zoneId": zone_id, "name": name, "type": held.type, "ttl": held.ttl_seconds}
    if held.aliases:
        inputs["aliases"] = [{"name": n, "zoneId": z, "evaluateTargetHealth": h} for n, z, h in held.aliases]
    else:
        inputs["records"] = from_wire(held.type, held.values)
    return State(resource_id, inputs, {"fqdn": held.name})
