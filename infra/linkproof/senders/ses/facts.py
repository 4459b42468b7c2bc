"""Amazon SES: its tracking servers by region and what its guide asks of an edge, each with its source."""

from __future__ import annotations

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
# Tags that SES gives each mail itself; dimensions may be named so, with their colon.
AUTO_TAGS: Final = frozenset(
    {"ses:caller-identity", "ses:configuration-set", "ses:from-domain", "ses:outgoing-ip", "ses:source-ip"}
)
# Header fields that cannot be dimensions.
NO_DIMENSIONS: Final = frozenset({"received", "to", "from", "dkim-signature", "cc", "message-id", "return-path"})

SOURCES = (
    "https://docs.aws.amazon.com/ses/latest/dg/configure-custom-open-click-domains.html",
    "https://docs.aws.amazon.com/general/latest/gr/ses.html",
    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_TrackingOptions.html",
    "https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-cloudwatch.html",
    "https://docs.aws.amazon.com/ses/latest/dg/quotas.html",
)


def tracking_host(region: str) -> str:
    """What a custom redirect domain leads to: one name for each region."""
    return f"r.{region}.awstrack.me"
