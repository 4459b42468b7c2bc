"""What Fastly writes about its objects by itself. Names and meanings are those of its provider's schema (`pulumi_fastly`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.edges.fastly.items import SERVICE, SUBSCRIPTION


def _has_certificate(held: Any, read: Any) -> bool:
    del held
    return read in ("issued", "renewing")


_OF_THE_PROVIDER = "a note of the provider's to itself while it reads or imports; Fastly has no such thing"
NOISE: Mapping[str, Sequence[Noise]] = {
    SERVICE: (
        Noise("outputs.clonedVersion", "the draft that was made last; what is active is compared"),
        Noise("outputs.forceRefresh", _OF_THE_PROVIDER),
        Noise("outputs.imported", _OF_THE_PROVIDER),
    ),
    SUBSCRIPTION: (
        Noise("outputs.state", "the state keeps the one of the order; Fastly issues and renews by itself", _has_certificate),
        Noise("outputs.updatedAt", "a time, moved by every renewal"),
    ),
}  # fmt: skip
