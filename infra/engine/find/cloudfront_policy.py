"""A CloudFront origin-request policy: its name is unique in the account and has the stack's name in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.engine.clients import Clients


def find(inputs: Mapping[str, Any], clients: Clients, account: str, stack: str) -> Iterator[str]:
    del stack
    cloudfront = clients.aws("cloudfront", account)
    marker: dict[str, str] = {}
    while True:
        answer = cloudfront.list_origin_request_policies(Type="custom", **marker)["OriginRequestPolicyList"]
        for entry in answer.get("Items", []):
            policy = entry["OriginRequestPolicy"]
            if policy["OriginRequestPolicyConfig"]["Name"] == inputs["name"]:
                found: str = policy["Id"]
                yield found
        if not answer.get("NextMarker"):
            return
        marker = {"Marker": answer["NextMarker"]}
