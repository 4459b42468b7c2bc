"""Amazon SES: its tracking servers by region and what its guide asks of an edge, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

NAME = "Amazon SES"
VENDOR = "aws"
FAMILIES = (4,)
Region = Literal[
    "af-south-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
    "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
    "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
    "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
    "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
]  # fmt: skip
REGIONS: Final[tuple[str, ...]] = get_args(Region)
# Links and pictures are fetched, nothing is sent.
METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = ("Host", "User-Agent")
SECURED_BY = "`HttpsPolicy` REQUIRE of the configuration set makes it write https"
# DKIM records lead there, but in these regions, whose zone has their name (general reference, "DKIM domains"; code of others that publishes
# such records). The provider's SDK does not say it: `guard` compares it with SES's own answer.
_DKIM_ZONE = "dkim.amazonses.com"
_OWN_DKIM_ZONES: Final = frozenset(
    {"af-south-1", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-5", "ca-west-1", "eu-central-2",
     "eu-south-1", "il-central-1", "me-central-1", "us-gov-east-1"}
)  # fmt: skip
DKIM_RECORDS: Final = 3
# Of a MAIL FROM domain (docs.aws.amazon.com/ses/latest/dg/mail-from.html).
SPF: Final = "v=spf1 include:amazonses.com ~all"
# Tags that SES gives each mail itself; dimensions may be named so, with their colon.
AUTO_TAGS: Final = frozenset(
    {"ses:caller-identity", "ses:configuration-set", "ses:from-domain", "ses:outgoing-ip", "ses:source-ip"}
)
# `detail-type` of each event at EventBridge.
DETAIL_TYPES: Final[Mapping[str, str]] = {
    "send": "Email Sent",
    "reject": "Email Rejected",
    "bounce": "Email Bounced",
    "complaint": "Email Complaint Received",
    "delivery": "Email Delivered",
    "open": "Email Opened",
    "click": "Email Clicked",
    "rendering-failure": "Email Rendering Failed",
    "delivery-delay": "Email Delivery Delayed",
    "subscription": "Email Subscribed",
}
# Header fields that cannot be dimensions.
NO_DIMENSIONS: Final = frozenset({"received", "to", "from", "dkim-signature", "cc", "message-id", "return-path"})

SOURCES = (
    "https://docs.aws.amazon.com/ses/latest/dg/configure-custom-open-click-domains.html",
    "https://docs.aws.amazon.com/general/latest/gr/ses.html",
    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_TrackingOptions.html",
    "https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-cloudwatch.html",
    "https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-firehose.html",
    "https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html",
    "https://docs.aws.amazon.com/ses/latest/dg/quotas.html",
    "https://docs.aws.amazon.com/general/latest/gr/ses.html#ses_dkim_domains",
    "https://docs.aws.amazon.com/ses/latest/dg/mail-from.html",
)


def dkim_zone(region: str) -> str:
    """What an identity's DKIM records lead below."""
    return f"dkim.{region}.amazonses.com" if region in _OWN_DKIM_ZONES else _DKIM_ZONE


def bounce_host(region: str) -> str:
    """What the MX record of a MAIL FROM domain leads to."""
    return f"feedback-smtp.{region}.amazonses.com"


def tracking_host(region: str) -> str:
    """What a custom redirect domain leads to: one name for each region."""
    return f"r.{region}.awstrack.me"


def partition(region: str) -> str:
    """What ARNs of a region begin with, behind `arn:`."""
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
