"""An event destination as SES takes it: exactly one kind, known types, dimensions by its rules. Clients check none of it."""

from __future__ import annotations

import re
from typing import Any

from linkproof_lab.senders.ses.control_plane.event_types import EVENT_TYPES
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

_KINDS = {
    "CloudWatchDestination": (),
    "KinesisFirehoseDestination": ("IamRoleArn", "DeliveryStreamArn"),
    "SnsDestination": ("TopicArn",),
    "EventBridgeDestination": ("EventBusArn",),
    "PinpointDestination": (),
}
_SOURCES = frozenset({"MESSAGE_TAG", "EMAIL_HEADER", "LINK_TAG"})
_AUTO_TAGS = frozenset(
    {"ses:caller-identity", "ses:configuration-set", "ses:from-domain", "ses:outgoing-ip", "ses:source-ip"}
)
_DIMENSION = re.compile(r"[A-Za-z0-9_-]{1,255}")
_DEFAULT = re.compile(r"[A-Za-z0-9_@.-]{1,255}")
_MOST_DIMENSIONS = 10


def checked_destination(name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """As it is held and shown; `Enabled` is false unless it is given.

    Raises:
        AwsError: BadRequestException for whatever is invalid.
    """
    types = wanted.get("MatchingEventTypes") or []
    if not types:
        raise _bad("at least one event type is required")
    for one in types:
        if one not in EVENT_TYPES:
            raise _bad(f"unknown event type <{one}>")
    kinds = [kind for kind in _KINDS if wanted.get(kind) is not None]
    if len(kinds) != 1:
        raise _bad(f"exactly one destination must be given, not {len(kinds)}")
    (kind,) = kinds
    for field in _KINDS[kind]:
        if not str(wanted[kind].get(field) or "").startswith("arn:"):
            raise _bad(f"{kind}.{field} is no ARN")
    if kind == "CloudWatchDestination":
        _check_dimensions(wanted[kind].get("DimensionConfigurations") or [])
    if kind == "EventBridgeDestination" and not wanted[kind]["EventBusArn"].endswith(":event-bus/default"):
        raise _bad("only the default event bus is supported")
    if kind == "SnsDestination" and wanted[kind]["TopicArn"].endswith(".fifo"):
        raise _bad("FIFO topics are not supported")
    return {"Name": name, "Enabled": bool(wanted.get("Enabled")), "MatchingEventTypes": types, kind: wanted[kind]}


def _check_dimensions(dimensions: list[dict[str, Any]]) -> None:
    if not 1 <= len(dimensions) <= _MOST_DIMENSIONS:
        raise _bad(f"a CloudWatch destination has 1 to {_MOST_DIMENSIONS} dimensions")
    for one in dimensions:
        name, default = str(one.get("DimensionName") or ""), str(one.get("DefaultDimensionValue") or "")
        if name not in _AUTO_TAGS and not _DIMENSION.fullmatch(name):
            raise _bad(f"invalid dimension name <{name}>")
        if not _DEFAULT.fullmatch(default):
            raise _bad(f"invalid default dimension value <{default}>")
        if one.get("DimensionValueSource") not in _SOURCES:
            raise _bad(f"unknown dimension value source <{one.get('DimensionValueSource')}>")


def _bad(reason: str) -> AwsError:
    return AwsError(400, "BadRequestException", reason)
