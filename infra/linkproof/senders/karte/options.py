"""The keys of `tracking_hosts.<key>` with `provider: karte`, beside its host and TTL."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from linkproof.contract.options import AccountName, Form, Text

_URL: Final = re.compile(r"https://[A-Za-z0-9._\[\]:-]+(/[\x21-\x7e]*)?")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+")
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_DEFAULT_REGION: Final = "us-east-1"
_MAIL: Final = re.compile(r"[^\s@,?]+@[A-Za-z0-9.-]+")


def _directory(text: str) -> str:
    if not _URL.fullmatch(text):
        raise PydanticCustomError("directory", "the https:// URL of an ACME directory")
    return text


def _arn(text: str) -> str:
    if not _ARN.fullmatch(text):
        raise PydanticCustomError("arn", "the ARN of a certificate: arn:aws:acm:REGION:ACCOUNT:certificate/ID")
    return text


def _region(text: str) -> str:
    if not _REGION.fullmatch(text):
        raise PydanticCustomError("region", "a region of AWS: us-east-1")
    return text


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise PydanticCustomError("mail", "one mail address")
    return text


class AcmeForm(Form):
    """A CA that proves the host by DNS (RFC 8555)."""

    source: Literal["acme"]
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


class AcmForm(Form):
    """A public certificate of AWS Certificate Manager that can be exported: requested here, or by somebody else, whose ARN is named."""

    source: Literal["acm"]
    arn: Annotated[
        Annotated[Text, AfterValidator(_arn)] | None,
        Field(
            description="Of one that somebody else has requested; without it the program requests one.",
            examples=["arn:aws:acm:us-east-1:123456789012:certificate/…"],
        ),
    ] = None
    region: Annotated[
        Annotated[Text, AfterValidator(_region)] | None,
        Field(description="Where it is requested; us-east-1 where nothing is said. An ARN says its own."),
    ] = None
    account: AccountName = "default"

    @model_validator(mode="after")
    def _region_is_said_once(self) -> Self:
        if self.arn is not None and self.region not in (None, self.arn.split(":")[3]):
            raise PydanticCustomError("region", "no `region` beside `arn`, which says it")
        return self

    @property
    def place(self) -> str:
        """The region that it is in."""
        return self.region or (self.arn.split(":")[3] if self.arn is not None else _DEFAULT_REGION)


CertificateForm = Annotated[AcmeForm | AcmForm, Field(discriminator="source")]


class Options(Form):
    """A KARTE host."""

    provider: Literal["karte"]
    certificate: Annotated[
        CertificateForm | None,
        Field(description="Where `linkproof karte issue` has it from; without this a person has it issued."),
    ] = None

    def hosts(self) -> tuple[str, ...]:
        """Names beside the host itself that records are written at or below; in lower case."""
        zone = getattr(self.certificate, "challenge_zone", None)
        return () if zone is None else (zone.lower().removesuffix("."),)

    def accounts(self) -> tuple[str, ...]:
        """Names of the credentials by which its certificate is had."""
        return (self.certificate.account,) if isinstance(self.certificate, AcmForm) else ()
