"""What is held for KARTE's hosts beside their records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.acm import CERTIFICATE
from linkproof.contract.items import Item


@dataclass(frozen=True, slots=True)
class ExportableCertificate(Item):
    """A public certificate of ACM for one host, RSA 2048, requested so that its key can be exported; nothing waits for it."""

    kind: ClassVar[str] = "exportable certificate"
    engine_type: ClassVar[str] = CERTIFICATE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    path: str
    host: str
    account: str
    region: str
    protect: bool = True
