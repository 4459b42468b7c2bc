"""The functions that programs call: getCachePolicy, getOriginRequestPolicy, getZone."""

from __future__ import annotations

from collections.abc import Callable

from linkproof.providers.protocol.base import ProviderError
from linkproof.providers.protocol.values import Properties

from linkproof_lab.providers.aws import xml
from linkproof_lab.providers.aws.policies import Policy
from linkproof_lab.providers.aws.route53 import Route53


def policy_by_id_or_name(policy: Policy) -> Callable[[Properties], Properties]:
    """The result holds the policy's nested parts as lists of one, in the plural, as the real functions do."""

    def call(arguments: Properties) -> Properties:
        policy_id = arguments.get("id") or policy.find(str(arguments.get("name", "")))
        state = policy.read(str(policy_id), {}) if policy_id else None
        if state is None:
            raise ProviderError(
                f"no {policy.path} has {arguments}", "look at the names in the account, or create the policy"
            )
        plural = {
            f"{name}s" if isinstance(value, dict) else name: _as_lists(value) for name, value in state.inputs.items()
        }
        return {**plural, **state.computed, "id": state.id}

    return call


def zone(route53: Route53) -> Callable[[Properties], Properties]:
    def call(arguments: Properties) -> Properties:
        zone_id, name = arguments.get("zoneId"), str(arguments.get("name", ""))
        if not zone_id:
            found = [xml.text(one, "Id").rpartition("/")[2] for one in route53.zones_named(name)] if name else []
            if len(found) != 1:
                raise ProviderError(f"{len(found)} hosted zones are named {name!r}", "give the zone's id")
            zone_id = found[0]
        answer = route53.zone(str(zone_id))
        servers = xml.texts(answer, "DelegationSet/NameServers/NameServer")
        return {
            "arn": f"arn:aws:route53:::hostedzone/{zone_id}",
            "callerReference": xml.text(answer, "HostedZone/CallerReference"),
            "comment": xml.text(answer, "HostedZone/Config/Comment"),
            "id": zone_id,
            "linkedServiceDescription": "",
            "linkedServicePrincipal": "",
            "name": xml.text(answer, "HostedZone/Name").rstrip("."),
            "nameServers": servers,
            "primaryNameServer": servers[0] if servers else "",
            "privateZone": xml.flag(answer, "HostedZone/Config/PrivateZone"),
            "resourceRecordSetCount": xml.number(answer, "HostedZone/ResourceRecordSetCount"),
            "tags": {},
            "zoneId": zone_id,
        }

    return call


def _as_lists(value: object) -> object:
    """Each nested object as a list of one; `items` inside stay a list of names."""
    if not isinstance(value, dict):
        return value
    inner = {
        name: [{"items": item["items"]}] if isinstance(item, dict) and "items" in item else item
        for name, item in value.items()
    }
    inner = {
        f"{name}s" if name.endswith("Config") else name: _as_lists(item) if isinstance(item, dict) else item
        for name, item in inner.items()
    }
    return [inner]
