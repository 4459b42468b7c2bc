"""The keys of `tracking_hosts.<key>` with `provider: karte`, beside its host and TTL."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from linkproof.contract.options import Form, Text

_URL: Final = re.compile(r"https://[A-Za-z0-9._\[\]:-]+(/[\x21-\x7e]*)?")
_MAIL: Final = re.compile(r"[^\s@,?]+@[A-Za-z0-9.-]+")


def _directory(text: str) -> str:
    if not _URL.fullmatch(text):
        raise PydanticCustomError("directory", "the https:// URL of an ACME directory")
    return text


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise PydanticCustomError("mail", "one mail address")
    return text


class CertificateForm(Form):
    """Where `linkproof karte issue` has the host's certificate from."""

    source: Annotated[Literal["acme"], Field(description="`acme`: a CA that proves the host by DNS (RFC 8555).")]
    directory: Annotated[
        Annotated[Text, AfterValidator(_directory)],
        Field(description="Of the CA, where it begins.", examples=["https://acme-v02.api.letsencrypt.org/directory"]),
    ]
    contact: Annotated[
        Annotated[Text, AfterValidator(_mail)] | None, Field(description="A mail address that the CA may write to.")
    ] = None
    challenge_zone: Annotated[
        Text | None,
        Field(description="The declared zone that `_acme-challenge.HOST` leads to by a CNAME of yours, where it does."),
    ] = None


class Options(Form):
    """A KARTE host."""

    provider: Literal["karte"]
    certificate: Annotated[
        CertificateForm | None,
        Field(description="Where its certificate comes from; without it a person has it issued."),
    ] = None

    def hosts(self) -> tuple[str, ...]:
        """Names beside the host itself that records are written at or below; in lower case."""
        zone = self.certificate.challenge_zone if self.certificate is not None else None
        return () if zone is None else (zone.lower().removesuffix("."),)
