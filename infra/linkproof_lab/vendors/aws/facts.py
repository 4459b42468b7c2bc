"""Where it is and whose it is."""

from __future__ import annotations

from typing import Final

from linkproof_lab.service import Facts

FACTS = Facts(title="AWS", package="aws", api=(100, 1))
# What the lab serves at that address, by the provider's and boto3's names of endpoints.
SERVICES: Final = (
    "acm",
    "cloudfront",
    "cloudwatch",
    "events",
    "firehose",
    "iam",
    "route53",
    "s3",
    "sesv2",
    "sns",
    "sts",
)
