"""A CloudFront origin-request policy: its name is unique in the account; ours when its comment has the mark that it was made with.

A policy cannot carry tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate
from linkproof.ownership import is_marked


def candidates(inputs: Mapping[str, Any], clients: Clients, account: str) -> Iterator[Candidate]:
    cloudfront = clients.aws("cloudfront", account)
    marker: dict[str, str] = {}
    while True:
        answer = cloudfront.list_origin_request_policies(Type="custom", **marker)["OriginRequestPolicyList"]
        for entry in answer.get("Items", []):
            policy = entry["OriginRequestPolicy"]
            config = policy["OriginRequestPolicyConfig"]
            if config["Name"] == inputs["name"]:
                yield Candidate(
                    f"origin request policy {config['Name']}", policy["Id"], _doubt(config.get("Comment"), inputs)
                )
        if not answer.get("NextMarker"):
            return
        marker = {"Marker": answer["NextMarker"]}


def _doubt(held: str | None, inputs: Mapping[str, Any]) -> str:
    wanted = inputs.get("comment")
    if is_marked(wanted) and held == wanted:
        return ""
    return f"its comment says {held or 'nothing'}, not {wanted or 'whose it is'}"
