"""`pulumi-resource-aws` of the lab: started by the Pulumi engine."""

from __future__ import annotations

import sys
import threading
from importlib.metadata import version

from linkproof.providers.protocol.base import Package, Provider, by_token
from linkproof.providers.protocol.server import serve
from linkproof.providers.protocol.values import Properties

from linkproof_lab.providers.aws import config, invokes
from linkproof_lab.providers.aws.acm import Acm
from linkproof_lab.providers.aws.certificate import Certificate
from linkproof_lab.providers.aws.certificate_validation import CertificateValidation
from linkproof_lab.providers.aws.cloudfront import CloudFront
from linkproof_lab.providers.aws.distribution import Distribution
from linkproof_lab.providers.aws.policies import CachePolicy, OriginRequestPolicy
from linkproof_lab.providers.aws.record import Record
from linkproof_lab.providers.aws.route53 import Route53


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
