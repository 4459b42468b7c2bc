"""The keys of `edges.<key>` with `provider: azure`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkproof.contract.options import EdgeOptions, Flag


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
