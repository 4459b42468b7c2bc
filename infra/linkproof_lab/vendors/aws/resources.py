"""Certificates."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.vendors.aws.stand_in.acm import Acm
from linkproof_lab.vendors.aws.stand_in.certificate import Certificate
from linkproof_lab.vendors.aws.stand_in.certificate_validation import CertificateValidation
from linkproof_lab.vendors.aws.stand_in.client import AwsClient


def resources(client: AwsClient) -> Package:
    acm = Acm(client)
    return Package(types=by_token(Certificate(acm), CertificateValidation(acm)), invokes={})
