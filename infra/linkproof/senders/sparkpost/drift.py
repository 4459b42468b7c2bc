"""What SparkPost says of a tracking domain beyond what was asked for (developers.sparkpost.com/api/tracking-domains, whose words these are)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.senders.sparkpost.items import TRACKING_DOMAIN


def _became_valid(held: Any, read: Any) -> bool:
    del held
    return read == "valid" or read is True


_LOOKS = "the state keeps it from before the record stood; SparkPost looks again by itself, and only what is lost says something"
NOISE: Mapping[str, Sequence[Noise]] = {
    TRACKING_DOMAIN: (
        Noise("outputs.cnameStatus", _LOOKS, _became_valid),
        Noise("outputs.isVerified", _LOOKS, _became_valid),
        Noise("outputs.tlsStatus", "likewise of the certificate that SparkPost gets", _became_valid),
        Noise("outputs.certificateEnds", "SparkPost renews its certificate by itself; `certificates` and the handshake say its days"),
        Noise("outputs.isDefault", "moves when another domain becomes the default; a declared default is compared as an input"),
    )
}  # fmt: skip
