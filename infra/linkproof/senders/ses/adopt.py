"""Taking over configuration sets that exist: found by their name, as after a kill; which differences a mail notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Finder
from linkproof.senders.ses.event_items import BUCKET, ROLE, ROLE_POLICY, RULE, STREAM, TARGET, TOPIC, TOPIC_POLICY
from linkproof.senders.ses.items import ALARM, CONFIGURATION_SET, DASHBOARD, DESTINATION, IDENTITY, MAIL_FROM

FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    CONFIGURATION_SET: {
        "trackingOptions": Meaning("links are written with another host, or another scheme", can_be_kept=False),
        "suppressionOptions": Meaning("mail goes to addresses that bounced or complained"),
        "sendingOptions": Meaning("mail is sent that was held back, or the other way round"),
        "deliveryOptions": Meaning("mail goes another way, or with another demand for TLS"),
        "reputationOptions": Meaning("metrics of bounces and complaints come, or end"),
        "vdmOptions": Meaning("links may be rewritten for metrics of engagement"),
    },
    IDENTITY: {
        "dkimSigningAttributes": Meaning("mail is signed with another key, whose records are not yet published"),
        "configurationSetName": Meaning(
            "mail that names no configuration set has no events, or others", can_be_kept=False
        ),
    },
    MAIL_FROM: {
        "mailFromDomain": Meaning("bounces come back to another host, whose records are another", can_be_kept=False),
        "behaviorOnMxFailure": Meaning("mail is held back, or not, while the MX record cannot be found"),
    },
    ALARM: {
        "threshold": Meaning("it sounds earlier or later"),
        "alarmActions": Meaning("others are told"),
        "treatMissingData": Meaning("an hour without data means something else"),
    },
    DASHBOARD: {"dashboardBody": Meaning("other graphs are shown")},
    DESTINATION: {"eventDestination": Meaning("other events go there, or the same elsewhere")},
    BUCKET: {},
    ROLE: {
        "assumeRolePolicy": Meaning("another service, or another configuration set, may take it", can_be_kept=False),
        "maxSessionDuration": Meaning("it is taken for longer or shorter"),
        "description": Meaning("people read something else"),
    },
    ROLE_POLICY: {"policy": Meaning("it may do other things, or not what events need", can_be_kept=False)},
    STREAM: {
        "extendedS3Configuration": Meaning("files come elsewhere, later, or in another form"),
        "serverSideEncryption": Meaning("what waits in it is encrypted with another key, or with none"),
    },
    TOPIC: {
        "kmsMasterKeyId": Meaning("it is encrypted with another key, which SES may not be let use"),
        "displayName": Meaning("subscribers by mail see another sender"),
        "deliveryPolicy": Meaning("it is tried again more often, or more seldom"),
    },
    TOPIC_POLICY: {"policy": Meaning("others may publish, or SES may not", can_be_kept=False)},
    RULE: {
        "eventPattern": Meaning("other events are taken", can_be_kept=False),
        "state": Meaning("it takes events, or none"),
        "description": Meaning("people read something else"),
    },
    TARGET: {
        "arn": Meaning("the events go elsewhere", can_be_kept=False),
        "roleArn": Meaning("they are delivered in another role's name"),
    },
}
_FOR_PEOPLE = frozenset({"tags"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Tags."""
    del rtype, declared, live
    return path.partition(".")[0] in _FOR_PEOPLE


same = one_spelling
