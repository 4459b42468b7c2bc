"""What CloudFront and ACM write about their objects by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.acm import CERTIFICATE
from linkproof.contract.drift import Noise
from linkproof.edges.cloudfront.items import CACHE_POLICY, DISTRIBUTION, POLICY


def _issued(held: Any, read: Any) -> bool:
    del held
    return bool(read == "ISSUED")


_TAG = Noise("outputs.etag", "the tag of a version: it says that something was saved, not what; what was is compared")
_RENEWAL = "ACM renews the certificate by itself, and its ARN stays"
NOISE: Mapping[str, Sequence[Noise]] = {
    DISTRIBUTION: (
        _TAG,
        Noise("outputs.lastModifiedTime", "a time, moved by every save"),
        Noise("outputs.status", "InProgress while what was saved spreads; what was is compared"),
        Noise("outputs.inProgressValidationBatches", "invalidations under way: they change no setting"),
    ),
    POLICY: (_TAG,),
    CACHE_POLICY: (_TAG,),
    CERTIFICATE: (
        Noise("outputs.status", "the state keeps the one of the request; only a wait sees it issued", _issued),
        Noise("outputs.notBefore", _RENEWAL),
        Noise("outputs.notAfter", _RENEWAL),
        Noise("outputs.pendingRenewal", _RENEWAL),
        Noise("outputs.renewalEligibility", "ACM sets it once something uses the certificate"),
        Noise("outputs.renewalSummaries", _RENEWAL),
        Noise("outputs.validationEmails", "nobody is asked by mail: DNS proves the host"),
        Noise("outputs.domainValidationOptions", "ACM answers them in any order, and the proof never changes"),
    ),
}
