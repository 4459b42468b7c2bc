"""A CloudFront distribution: an alternate name is on one distribution only; ours when it carries the mark that it was made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate
from linkproof.ownership import TAG


def candidates(inputs: Mapping[str, Any], clients: Clients, account: str) -> Iterator[Candidate]:
    mark = (inputs.get("tags") or {}).get(TAG)
    cloudfront = clients.aws("cloudfront", account)
    wanted = set(inputs["aliases"])
    for page in cloudfront.get_paginator("list_distributions").paginate():
        for summary in page["DistributionList"].get("Items", []):
            if not wanted & set(summary.get("Aliases", {}).get("Items", [])):
                continue
            what = f"distribution {summary['Id']} with alias {', '.join(sorted(wanted))}"
            tags = cloudfront.list_tags_for_resource(Resource=summary["ARN"])["Tags"].get("Items", [])
            held = {tag["Key"]: tag.get("Value") for tag in tags}.get(TAG)
            proved = mark is not None and held == mark
            doubt = f"its tag {TAG} says {held or 'nothing'}, not {mark}"
            yield Candidate(what, summary["Id"], "" if proved else doubt)
