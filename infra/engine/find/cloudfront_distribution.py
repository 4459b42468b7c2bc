"""A CloudFront distribution: an alternate name is on one distribution only; ours when it carries the stack's tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.engine.clients import Clients
from infra.engine.find import STACK_TAG, NotOursError


def find(inputs: Mapping[str, Any], clients: Clients, account: str, stack: str) -> Iterator[str]:
    cloudfront = clients.aws("cloudfront", account)
    wanted = set(inputs["aliases"])
    for page in cloudfront.get_paginator("list_distributions").paginate():
        for summary in page["DistributionList"].get("Items", []):
            if not wanted & set(summary.get("Aliases", {}).get("Items", [])):
                continue
            tags = cloudfront.list_tags_for_resource(Resource=summary["ARN"])["Tags"].get("Items", [])
            if {tag["Key"]: tag.get("Value") for tag in tags}.get(STACK_TAG) != stack:
                raise NotOursError(
                    f"distribution {summary['Id']} with alias {', '.join(sorted(wanted))}",
                    f"its tag {STACK_TAG} does not say {stack}",
                )
            found: str = summary["Id"]
            yield found
