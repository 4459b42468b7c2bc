"""The form of an evidence folder's files: what is read back is checked like any other input."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from linkproof.verify.observations.edge import HttpObservation, TlsObservation
from linkproof.verify.observations.vantage import Transport, Vantage

Text = Annotated[str, Field(max_length=4096)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class _EvidencePart(BaseModel):
    # Keys that a newer program wrote are passed over.
    # A time that is no number would make the JSON report no JSON.
    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64", allow_inf_nan=False
    )


class RunFile(_EvidencePart):
    """`run.json`."""

    version: Literal[1]
    linkproof: Text
    at: AwareDatetime
    # by the names of VerifyOptions; those that this version does not know are passed over
    options: dict[str, bool | int | float | Text | tuple[Text, ...] | None]
    roots: Annotated[tuple[tuple[Text, Text], ...], Field(max_length=1000)]
    places: dict[str, Text] = {}


class _Line(_EvidencePart):
    at: datetime


class DnsLine(_Line):
    """One question and one packet."""

    kind: Literal["dns"]
    packet: Count
    query: Annotated[bytes, Field(max_length=65535)]
    answer: Annotated[bytes, Field(max_length=65535)]


class NoReplyPart(_EvidencePart):
    kind: Literal["timeout", "refused", "unreachable", "tcp", "malformed", "given-up"]
    detail: Text = ""
    ignored_packets: Count = 0
    malformed_packets: Count = 0


class BesidePart(_EvidencePart):
    """What the packet itself does not say."""

    with_edns: bool = True
    ignored_packets: Count = 0
    seconds: float = 0.0
    edns_error: Text = ""
    lost_attempts: Count = 0


class AskedLine(_Line):
    """How a question ended: with the packet of an earlier line, or without any."""

    kind: Literal["asked"]
    key: Text
    number: Count
    vantage: Vantage
    name: Text
    type: Text
    packet: Count | None = None
    beside: BesidePart = BesidePart()
    no_reply: NoReplyPart | None = None


class TlsLine(_Line):
    kind: Literal["tls"]
    key: Text
    number: Count
    observation: TlsObservation
    answer: HttpObservation | None = None


class HttpLine(_Line):
    kind: Literal["http"]
    key: Text
    number: Count
    observation: HttpObservation


class RoundLine(_Line):
    kind: Literal["round"]


class MomentLine(_Line):
    """When a stage was judged, and which addresses had answered: all of them, or since the stage before."""

    kind: Literal["moment"]
    stage: Text
    now: AwareDatetime
    reached: tuple[tuple[Transport, Text], ...] = ()
    is_whole: bool = False


class EndLine(_Line):
    kind: Literal["end"]
    timing: dict[str, float]


class AnyLine(_EvidencePart):
    line: Annotated[
        DnsLine | AskedLine | TlsLine | HttpLine | RoundLine | MomentLine | EndLine, Field(discriminator="kind")
    ]
