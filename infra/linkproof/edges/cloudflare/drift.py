"""What Cloudflare writes about a ruleset by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.drift import Noise
from linkproof.edges.cloudflare.items import RULESET

NOISE: Mapping[str, Sequence[Noise]] = {
    RULESET: (
        Noise("outputs.lastUpdated", "a time, moved by every save, changed or not"),
        Noise("outputs.version", "counts saves, changed or not; the rules themselves are compared"),
    )
}
