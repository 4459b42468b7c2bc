"""An ACM certificate: ours when it carries the stack's tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.engine.clients import Clients
from infra.engine.find import STACK_TAG


def find(inputs: Mapping[str, Any], clients: Clients, account: str, stack: str) -> Iterator[str]:
    """Certificates of the same host without the tag are somebody else's and no obstacle: ACM allows several."""
    acm = clients.aws("acm", account, inputs.get("region"))
    for page in acm.get_paginator("list_certificates").paginate():
        for summary in page["CertificateSummaryList"]:
            if summary["DomainName"] != inputs["domainName"]:
                continue
            arn: str = summary["CertificateArn"]
            tags = {tag["Key"]: tag.get("Value") for tag in acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]}
            if tags.get(STACK_TAG) == stack:
                yield arn
