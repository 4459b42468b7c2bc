"""The keys of `edges.<key>` with `provider: cloudfront`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkproof.contract.options import EdgeOptions
from linkproof.contract.own_certificates import CoveredName, covering

# CloudFront takes certificates of us-east-1 alone.
CertificateArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}$")
]


class Options(EdgeOptions):
    """A distribution or a tenant for each link, and a certificate where you have none."""

    provider: Literal["cloudfront"]
    mode: Literal["distribution", "tenant"] = Field(
        default="distribution",
        description="What each link has: a distribution of its own, or a tenant of one distribution for all links of an origin, for"
        " thousands of links. A link changes between them in `branded` only.",
    )
    certificates: dict[CoveredName, CertificateArn] = Field(
        default_factory=dict,
        description="Certificates of your own in ACM, by the host or `*.zone` that each covers: used, never made nor deleted.",
    )

    def own_certificate(self, host: str) -> str | None:
        """The ARN of yours that covers the host; None where there is none."""
        return covering(self.certificates, host)
