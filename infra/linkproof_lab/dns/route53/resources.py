"""Records, and the function that looks a zone up."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.dns.route53.stand_in.client import Route53
from linkproof_lab.dns.route53.stand_in.get_zone import zone
from linkproof_lab.dns.route53.stand_in.record import Record
from linkproof_lab.vendors.aws.stand_in.client import AwsClient


def resources(client: AwsClient) -> Package:
    route53 = Route53(client)
    return Package(types=by_token(Record(route53)), invokes={"aws:route53/getZone:getZone": zone(route53)})
