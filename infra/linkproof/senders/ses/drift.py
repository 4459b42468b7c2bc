"""What SES says of an identity by itself. Names and values are those of its provider's schema (`pulumi_aws.sesv2`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.senders.ses.items import IDENTITY


def _became_verified(held: Any, read: Any) -> bool:
    del held
    return read == "SUCCESS" or read is True


_VERIFIED = (
    "the state keeps it from before its DKIM records stood; SES looks by itself, and only what is lost says something"
)
NOISE: Mapping[str, Sequence[Noise]] = {
    IDENTITY: (
        Noise("outputs.verificationStatus", _VERIFIED, _became_verified),
        Noise("outputs.verifiedForSendingStatus", _VERIFIED, _became_verified),
    )
}
