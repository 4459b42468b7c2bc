"""`pulumi-resource-aws` of the lab: started by the Pulumi engine."""

from __future__ import annotations

import sys
import threading
from importlib.metadata import version

from infra.lab.providers.aws import config, invokes
from infra.lab.providers.aws.acm import Acm
from infra.lab.providers.aws.certificate import Certificate
from infra.lab.providers.aws.certificate_validation import CertificateValidation
from infra.lab.providers.aws.cloudfront import CloudFront
from infra.lab.providers.aws.distribution import Distribution
from infra.lab.providers.aws.policies import CachePolicy, OriginRequestPolicy
from infra.lab.providers.aws.record import Record
from infra.lab.providers.aws.route53 import Route53
from infra.providers.protocol.base import Package, Provider, by_token
from infra.providers.protocol.server import serve
from infra.providers.protocol.values import Properties


def configure(given: Properties, cancelled: threading.Event) -> Package:
    client = config.client(given, cancelled)
    route53, acm, cloudfront = Route53(client), Acm(client), CloudFront(client)
    cache, origin_request = CachePolicy(cloudfront), OriginRequestPolicy(cloudfront)
    return Package(
        types=by_token(
            Record(route53),
            Certificate(acm),
            CertificateValidation(acm),
            Distribution(cloudfront),
            cache,
            origin_request,
        ),
        invokes={
            "aws:cloudfront/getCachePolicy:getCachePolicy": invokes.policy_by_id_or_name(cache),
            "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": invokes.policy_by_id_or_name(
                origin_request
            ),
            "aws:route53/getZone:getZone": invokes.zone(route53),
        },
    )


if __name__ == "__main__":
    serve(Provider("aws", version("pulumi-aws"), config.SECRET_NAMES, config.check, configure), sys.argv[1:])
