"""Certificates, alarms and dashboards, and what events of mail are sent to."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.vendors.aws.stand_in.acm import Acm
from linkproof_lab.vendors.aws.stand_in.bucket import Bucket
from linkproof_lab.vendors.aws.stand_in.certificate import Certificate
from linkproof_lab.vendors.aws.stand_in.certificate_validation import CertificateValidation
from linkproof_lab.vendors.aws.stand_in.client import AwsClient
from linkproof_lab.vendors.aws.stand_in.dashboard import Dashboard
from linkproof_lab.vendors.aws.stand_in.delivery_stream import FirehoseDeliveryStream
from linkproof_lab.vendors.aws.stand_in.event_rule import EventRule, EventTarget
from linkproof_lab.vendors.aws.stand_in.metric_alarm import MetricAlarm
from linkproof_lab.vendors.aws.stand_in.role import Role
from linkproof_lab.vendors.aws.stand_in.role_policy import RolePolicy
from linkproof_lab.vendors.aws.stand_in.topic import Topic, TopicPolicy


def resources(client: AwsClient) -> Package:
    acm = Acm(client)
    certificates = (Certificate(acm), CertificateValidation(acm))
    seen = (MetricAlarm(client), Dashboard(client))
    archived = (Bucket(client), Role(client), RolePolicy(client), FirehoseDeliveryStream(client))
    told = (Topic(client), TopicPolicy(client), EventRule(client), EventTarget(client))
    return Package(types=by_token(*certificates, *seen, *archived, *told), invokes={})
