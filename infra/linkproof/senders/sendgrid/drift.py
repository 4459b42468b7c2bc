"""What SendGrid says of its objects beyond what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.senders.sendgrid.items import BRANDING, DOMAIN


def _became_valid(held: Any, read: Any) -> bool:
    del held
    return read is True


_VALID = Noise(
    "outputs.isValid",
    "the state keeps it from before the validation; only one that is lost says something",
    _became_valid,
)
NOISE: Mapping[str, Sequence[Noise]] = {
    BRANDING: (
        _VALID,
        Noise("outputs.isDefault", "moves when another link becomes the default; a declared default is compared as an input"),
    ),
    DOMAIN: (
        _VALID,
        Noise("outputs.records", "each with whether it is valid; the records themselves are this stack's own and are compared"),
    ),
}  # fmt: skip
