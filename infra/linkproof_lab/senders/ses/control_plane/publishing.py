"""What becomes of a mail: events, sent to each destination of its configuration set that wants their type.

Their form is the documentation's: docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-firehose-contents.html.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from linkproof_lab.senders.ses.control_plane.event_types import EVENT_TYPES
from linkproof_lab.senders.ses.control_plane.reach import Owner, Reach
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.cloudwatch.metrics import Metric, add_point
from linkproof_lab.vendors.aws.events.bus import put_event

SET_KIND = "ses-configuration-set"
MAIL_KIND = "ses-mail"
_NAMESPACE = "AWS/SES"
# A value with another character is published to no metric, and nobody is told.
_VALUE = re.compile(r"[A-Za-z0-9_@.-]{1,255}")


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Publisher:
    """Of the lab's SES, in every region."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        self._reach = Reach(settings, store)

    def publish(self, message_id: str, kind: str, details: Mapping[str, Any] | None = None) -> None:
        """Send one event of a mail to whoever wants it; a mail without a configuration set has none.

        Args:
            kind: as the API writes it: `CLICK`.
            details: of this event.
        """
        mail = self._store.get(MAIL_KIND, message_id)
        found = self._store.get(SET_KIND, mail["set"]) if mail is not None else None
        if mail is None or found is None:
            return
        for destination in found["destinations"].values():
            if destination["Enabled"] and kind in destination["MatchingEventTypes"]:
                self._send(destination, mail, kind, dict(details or {}))

    def _send(
        self, destination: Mapping[str, Any], mail: Mapping[str, Any], kind: str, details: dict[str, Any]
    ) -> None:
        names = EVENT_TYPES[kind]
        event = {"eventType": names.word, "mail": mail["mail"], names.part: details}
        of = Owner(mail["account"], mail["region"], mail["set"].rpartition("/")[2])
        match destination:
            case {"CloudWatchDestination": {"DimensionConfigurations": asked}}:
                dimensions = dict(_dimensions(asked, mail["mail"], details.get("linkTags") or {}))
                if all(_VALUE.fullmatch(value) for value in dimensions.values()):
                    metric = Metric(_NAMESPACE, names.metric, dimensions)
                    add_point(self._store, mail["account"], mail["region"], metric, 1.0)
            case {"KinesisFirehoseDestination": {"DeliveryStreamArn": stream, "IamRoleArn": role}}:
                self._reach.put_record(of, stream, role, json.dumps(event) + "\n")
            case {"SnsDestination": {"TopicArn": topic}}:
                self._reach.publish(of, topic, json.dumps(event))
            case {"EventBridgeDestination": {"EventBusArn": bus}}:
                put_event(self._store, bus, _on_bus(of, names.on_bus, event))


def _dimensions(
    asked: list[dict[str, str]], mail: Mapping[str, Any], link_tags: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    headers = {one["name"].lower(): one["value"] for one in reversed(mail["headers"])}
    for one in asked:
        name = one["DimensionName"]
        found = {
            "MESSAGE_TAG": next(iter(mail["tags"].get(name, ())), None),
            "EMAIL_HEADER": headers.get(name.lower()),
            "LINK_TAG": next(iter(link_tags.get(name, ())), None),
        }[one["DimensionValueSource"]]
        yield name, found or one["DefaultDimensionValue"]


def _on_bus(of: Owner, name: str, event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": "0",
        "id": secrets.token_hex(12),
        "detail-type": name,
        "source": "aws.ses",
        "account": of.account,
        "time": now(),
        "region": of.region,
        "resources": [of.arn],
        "detail": event,
    }
