"""What Google Cloud writes about its objects by itself. Names and meanings are those of its provider's schema (`pulumi_gcp`).

`ACTIVE` is `ServingState`'s word for what is served (cloud.google.com/certificate-manager/docs/reference).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.edges.gcp.items import (
    BACKEND,
    CERTIFICATE_MAP,
    FORWARDING_RULE,
    HTTP_PROXY,
    HTTPS_PROXY,
    MAP_ENTRY,
    URL_MAP,
)


def _became_active(held: Any, read: Any) -> bool:
    del held
    return bool(read == "ACTIVE")


_FINGERPRINT = Noise(
    "outputs.fingerprint",
    "a hash for optimistic locking: it says that something was saved, not what; what was is compared",
)
_SAVED = Noise("outputs.updateTime", "a time, moved by every save")
NOISE: Mapping[str, Sequence[Noise]] = {
    **dict.fromkeys((BACKEND, URL_MAP, HTTPS_PROXY, HTTP_PROXY), (_FINGERPRINT,)),
    FORWARDING_RULE: (Noise("outputs.labelFingerprint", "likewise, of the labels, which are compared"),),
    CERTIFICATE_MAP: (_SAVED, Noise("outputs.gclbTargets", "the proxies that use the map, which are compared themselves")),
    MAP_ENTRY: (
        _SAVED,
        Noise("outputs.state", "the state keeps the one of the request; Google serves it by itself", _became_active),
    ),
}  # fmt: skip
