"""Identities, configuration sets and event destinations."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.senders.ses.stand_in.client import SesV2
from linkproof_lab.senders.ses.stand_in.configuration_set import ConfigurationSet
from linkproof_lab.senders.ses.stand_in.email_identity import EmailIdentity
from linkproof_lab.senders.ses.stand_in.event_destination import EventDestination
from linkproof_lab.senders.ses.stand_in.mail_from import MailFromAttributes
from linkproof_lab.vendors.aws.stand_in.client import AwsClient


def resources(client: AwsClient) -> Package:
    ses = SesV2(client)
    made = by_token(EmailIdentity(ses), MailFromAttributes(ses), ConfigurationSet(ses), EventDestination(ses))
    return Package(types=made, invokes={})
