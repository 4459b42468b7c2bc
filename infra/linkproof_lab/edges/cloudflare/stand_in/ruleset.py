"""cloudflare:index/ruleset:Ruleset: a zone's entry point of one phase, all of its rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from linkproof.providers.protocol.base import Patience, ResourceType, State
from linkproof.providers.protocol.schema import (
    FLAG,
    TEXT,
    Field,
    choice,
    list_of,
    obj,
    problems,
    replacing,
    required,
    words,
)
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.cloudflare.stand_in.client import CloudflareClient
from linkproof_lab.vendors.cloudflare.stand_in.ids import read_by
from linkproof_lab.vendors.cloudflare.stand_in.wire_names import from_wire, to_wire

_ANY = Field("any")
# Nested members are the API's to check; their names here catch a misspelling.
_ACTION_PARAMETERS: Final = words(
    "additionalCacheablePorts algorithms assetName automaticHttpsRewrites autominify bic browserTtl cache cacheKey cacheReserve content "
    "contentConverter contentType cookieFields disableApps disableRum disableZaraz edgeTtl emailObfuscation expression fonts fromList "
    "fromValue headers hostHeader hotlinkProtection id immutable increment matchedData maxAge mirage mustRevalidate mustUnderstand noCache "
    "noStore noTransform operation opportunisticEncryption origin originCacheControl originErrorPagePassthru originRangeRequests overrides "
    "phases polish private products proxyRevalidate public rawResponseFields readTimeout redirectsForAiTraining requestBodyBuffering "
    "requestFields respectStrongEtags response responseBodyBuffering responseFields rocketLoader rules ruleset rulesets sMaxage "
    "securityLevel serveStale serverSideExcludes sni ssl staleIfError staleWhileRevalidate statusCode stripEtags stripLastModified "
    "stripSetCookie sxg transformedRequestFields uri values vary"
)
_RULE = obj(
    {
        "action": required(TEXT),
        "expression": required(TEXT),
        "description": TEXT.but(default=""),
        "enabled": FLAG.but(default=True),
        "ref": TEXT,
        "actionParameters": obj(dict.fromkeys(_ACTION_PARAMETERS, _ANY)),
        "logging": obj({"enabled": FLAG}),
        "ratelimit": _ANY,
    },
    elsewhere=("exposedCredentialCheck", "id"),
)
_RULE_WIRE: Final = (
    "action",
    "expression",
    "description",
    "enabled",
    "ref",
    "actionParameters",
    "logging",
    "ratelimit",
)


class Ruleset(ResourceType):
    """Creating fails where the zone already has an entry point; deleting removes the whole of it."""

    token = "cloudflare:index/ruleset:Ruleset"  # noqa: S105
    schema = obj(
        {
            "zoneId": required(replacing(TEXT)),
            "name": required(replacing(TEXT)),
            "kind": required(replacing(choice("zone"))),
            "phase": required(replacing(TEXT)),
            "description": TEXT.but(default=""),
            "rules": list_of(_RULE),
        },
        elsewhere=("accountId",),
    )
    computed = ("id", "lastUpdated", "version")
    volatile = ("lastUpdated", "version")

    def __init__(self, cloudflare: CloudflareClient) -> None:
        self._cloudflare = cloudflare

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from problems(self.schema, inputs)
        rules = inputs.get("rules")
        refs = (
            [rule["ref"] for rule in rules if isinstance(rule, dict) and "ref" in rule]
            if isinstance(rules, list)
            else []
        )
        for ref in sorted({ref for ref in refs if isinstance(ref, str) and refs.count(ref) > 1}):
            yield "rules", f"two rules have the ref {ref}; a ref names one rule"

    def create(self, inputs: Properties, patience: Patience) -> State:
        zone_id, phase = inputs["zoneId"], inputs["phase"]
        made = self._cloudflare.call(
            "POST", f"/zones/{zone_id}/rulesets", {"kind": inputs["kind"], "phase": phase, **_body(inputs)}
        )
        return _state(made, zone_id, inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        zone_id, ruleset_id = read_by(resource_id, outputs, "zones/<zone id>/<ruleset id>", "ruleset_id")
        found = self._cloudflare.find(f"/zones/{zone_id}/rulesets/{ruleset_id}")
        return _state(found, zone_id, outputs) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        body = {"kind": inputs["kind"], "phase": inputs["phase"], **_body(inputs)}
        changed = self._cloudflare.call("PUT", f"/zones/{inputs['zoneId']}/rulesets/{resource_id}", body)
        return _state(changed, inputs["zoneId"], inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        self._cloudflare.call("DELETE", f"/zones/{outputs['zoneId']}/rulesets/{resource_id}")


def _body(inputs: Properties) -> dict[str, Any]:
    body: dict[str, Any] = to_wire(
        {"description": "", **{n: inputs[n] for n in ("name", "description") if n in inputs}}
    )
    return {**body, "rules": to_wire(inputs.get("rules") or [])}


def _state(found: dict[str, Any], zone_id: str, known: Properties) -> State:
    rules = [
        _rule(rule, before) for rule, before in zip(found.get("rules") or [], _padded(known.get("rules")), strict=False)
    ]
    inputs = {
        "zoneId": zone_id,
        **{n: found.get(n, "") for n in ("name", "kind", "phase", "description")},
        "rules": rules,
    }
    return State(
        found["id"],
        inputs,
        {"id": found["id"], "lastUpdated": found.get("last_updated"), "version": found.get("version")},
    )


def _rule(rule: dict[str, Any], before: Properties) -> Properties:
    """A rule as read. A ref that nobody gave is the rule's own id, which says nothing."""
    held: Properties = {name: value for name, value in from_wire(rule).items() if name in _RULE_WIRE}
    if held.get("ref") == rule.get("id") and "ref" not in before:
        del held["ref"]
    return held


def _padded(rules: Any) -> Iterator[Properties]:
    yield from rules if isinstance(rules, list) else []
    while True:
        yield {}
