"""The keys of `edges.<key>` with `provider: azure`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkproof.contract.options import EdgeOptions, Flag

CoveredName = Annotated[str, StringConstraints(pattern=r"^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+$", max_length=253)]
VaultCertificate = Annotated[
    str,
    StringConstraints(
        pattern=r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+/secrets/[^/]+$"
    ),
]


class Options(EdgeOptions):
    """One profile for all links of an account and resource group, and a custom domain for each link."""

    provider: Literal["azure"]
    resource_group: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9_.()-]{0,89}[A-Za-z0-9_()-]$"),
        Field(description="The resource group that the profile is made in. It must exist."),
    ] = "linkproof"
    check_origin_name: Annotated[
        Flag,
        Field(
            description="Whether Front Door compares the name in the sender's certificate; which name it expects there cannot be said."
        ),
    ] = True
    certificates: dict[CoveredName, VaultCertificate] = Field(
        default_factory=dict,
        description="Certificates of your own in Key Vault, by the host or `*.zone` that each covers: used, never made nor deleted.",
    )

    def own_certificate(self, host: str) -> str | None:
        """The id of yours that covers the host, the host's own before a wildcard's; None where there is none.

        A wildcard covers one label (RFC 6125 §6.4.3).
        """
        return self.certificates.get(host) or self.certificates.get(f"*.{host.partition('.')[2]}")
