"""Certificates, alarms and dashboards."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.vendors.aws.stand_in.acm import Acm
from linkproof_lab.vendors.aws.stand_in.certificate import Certificate
from linkproof_lab.vendors.aws.stand_in.certificate_validation import CertificateValidation
from linkproof_lab.vendors.aws.stand_in.client import AwsClient
from linkproof_lab.vendors.aws.stand_in.dashboard import Dashboard
from linkproof_lab.vendors.aws.stand_in.metric_alarm import MetricAlarm


def resources(client: AwsClient) -> Package:
    acm = Acm(client)
    made = by_token(Certificate(acm), CertificateValidation(acm), MetricAlarm(client), Dashboard(client))
    return Package(types=made, invokes={})
