"""The function that programs call: getZone."""

from __future__ import annotations

from collections.abc import Callable

from linkproof.providers.protocol.base import ProviderError
from linkproof.providers.protocol.values import Properties

from linkproof_lab.dns.route53.stand_in.client import Route53
from linkproof_lab.vendors.aws.stand_in import xml


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
