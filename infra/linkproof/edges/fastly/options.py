"""The keys of `edges.<key>` with `provider: fastly`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkproof.contract.options import EdgeOptions, Text
from linkproof.contract.own_certificates import CoveredName, covering
from linkproof.edges.fastly.facts import DOMAINS

CertificateId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{10,40}$")]
Target = Annotated[
    str, StringConstraints(pattern=rf"^[a-z0-9-]+(\.[a-z0-9-]+)*\.({'|'.join(re.escape(one) for one in DOMAINS)})$")
]


class Options(EdgeOptions):
    """A service for each link, and a TLS subscription where you have no certificate."""

    provider: Literal["fastly"]
    authority: Annotated[
        Literal["certainly", "lets-encrypt", "globalsign"],
        Field(description="Who signs the certificates; Fastly's prices differ by it."),
    ] = "certainly"
    configuration: Annotated[
        Text | None,
        Field(description="Fastly's id of the TLS configuration; the account's default where nothing is said."),
    ] = None
    certificates: dict[CoveredName, CertificateId] = Field(
        default_factory=dict,
        description="Fastly's ids of certificates of your own, by the host or `*.zone` that each covers: used, never made nor deleted.",
    )
    target: Annotated[
        Target | None,
        Field(
            description="With `certificates`: the CNAME that the TLS configuration asks for, as x.sni.global.fastly.net."
        ),
    ] = None

    def own_certificate(self, host: str) -> str | None:
        """The id of yours that covers the host; None where there is none."""
        return covering(self.certificates, host)
