"""The keys of `edges.<key>` with `provider: gcp`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkproof.contract.options import EdgeOptions
from linkproof.contract.own_certificates import CoveredName, covering

CertificateId = Annotated[
    str,
    StringConstraints(pattern=r"^projects/[a-z0-9.:-]+/locations/global/certificates/[a-z0-9][a-z0-9-]{0,62}$"),
]


class Options(EdgeOptions):
    """One load balancer for all links of an account, and a certificate for each link that you have none for."""

    provider: Literal["gcp"]
    certificates: dict[CoveredName, CertificateId] = Field(
        default_factory=dict,
        description="Certificates of your own in Certificate Manager, by the host or `*.zone` that each covers: used, never made nor deleted.",
    )

    def own_certificate(self, host: str) -> str | None:
        """The id of yours that covers the host; None where there is none."""
        return covering(self.certificates, host)
