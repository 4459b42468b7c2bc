"""The event types of Amazon SES, each in its four spellings.

docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-firehose-contents.html and
docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html; the metric's name is an emulator's that was held against AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EventType:
    """Args:
    word: `eventType` of an event.
    part: of an event that has its details.
    on_bus: `detail-type` at EventBridge.
    metric: at CloudWatch.
    """

    word: str
    part: str
    on_bus: str
    metric: str


# By the API's spelling.
EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "SEND": EventType("Send", "send", "Email Sent", "Send"),
    "REJECT": EventType("Reject", "reject", "Email Rejected", "Reject"),
    "BOUNCE": EventType("Bounce", "bounce", "Email Bounced", "Bounce"),
    "COMPLAINT": EventType("Complaint", "complaint", "Email Complaint Received", "Complaint"),
    "DELIVERY": EventType("Delivery", "delivery", "Email Delivered", "Delivery"),
    "OPEN": EventType("Open", "open", "Email Opened", "Open"),
    "CLICK": EventType("Click", "click", "Email Clicked", "Click"),
    "RENDERING_FAILURE": EventType("Rendering Failure", "failure", "Email Rendering Failed", "RenderingFailure"),
    "DELIVERY_DELAY": EventType("DeliveryDelay", "deliveryDelay", "Email Delivery Delayed", "DeliveryDelay"),
    "SUBSCRIPTION": EventType("Subscription", "subscription", "Email Subscribed", "Subscription"),
}
