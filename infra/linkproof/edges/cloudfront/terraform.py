"""What the state of Terraform has of CloudFront."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.reading import mappings, text, texts, wire
from linkproof.contract.seen import SeenEdge, TerraformReader


def distribution(values: Mapping[str, Any], source: str) -> SeenEdge | None:
    """Its hosts and origins; of an origin its domain alone, for its headers may be secrets."""
    target = wire(text(values, "domain_name"))
    if not target or values.get("enabled") is False:
        return None
    origins = [wire(text(origin, "domain_name")) for origin in mappings(values, "origin")]
    return SeenEdge(
        "cloudfront",
        target,
        tuple(wire(one) for one in texts(values, "aliases")),
        tuple(dict.fromkeys(origin for origin in origins if origin)),
        source,
    )


READERS: Mapping[str, TerraformReader] = {"aws_cloudfront_distribution": distribution}
