"""An ACM certificate: ours when it carries the mark that it was requested with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate
from linkproof.ownership import TAG


def candidates(inputs: Mapping[str, Any], clients: Clients, account: str) -> Iterator[Candidate]:
    """Certificates of the same host with another mark, or none, are somebody else's and no obstacle: ACM allows several."""
    wanted = (inputs.get("tags") or {}).get(TAG)
    acm = clients.aws("acm", account, inputs.get("region"))
    for page in acm.get_paginator("list_certificates").paginate():
        for summary in page["CertificateSummaryList"]:
            if summary["DomainName"] != inputs["domainName"]:
                continue
            arn: str = summary["CertificateArn"]
            tags = {tag["Key"]: tag.get("Value") for tag in acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]}
            if wanted is not None and tags.get(TAG) == wanted:
                yield Candidate(f"certificate of {summary['DomainName']}", arn)
