"""SparkPost's links among what exists: what the account's API says of its tracking domains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linkproof.contract.seen import SeenBrand
from linkproof.json_api import WaitingHere
from linkproof.senders.sparkpost.api import TRACKING, is_verified

if TYPE_CHECKING:
    from linkproof.senders.sparkpost.api import SparkPostApi

HAS_OWNER_HOSTS = False
_SECONDS = 60.0
_REGION = "decide: `region`, where the account is not of the United States: neither its API nor an edge says it"


def is_owner_host(name: str) -> bool:
    """There is none."""
    del name
    return False


def answer(client: SparkPostApi) -> Any:
    """`GET /api/v1/tracking-domains`, what its `results` have."""
    return client.call("GET", TRACKING, WaitingHere(_SECONDS))


def brands(answer: Any, source: str) -> Iterator[SeenBrand]:
    """Each tracking domain.

    Args:
        answer: the whole, or its `results`.

    Raises:
        ValueError: this is no answer to `GET /api/v1/tracking-domains`.
    """
    found = answer.get("results") if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise ValueError("no list of tracking domains, as GET /api/v1/tracking-domains answers")  # noqa: TRY004
    for number, one in enumerate(found):
        if not isinstance(one, dict) or not one.get("domain"):
            raise ValueError(f"entry {number + 1} has no `domain`: this is no list of tracking domains")
        notes = [_REGION]
        if not is_verified(one):
            notes.append("SparkPost says that it is not verified: its mails have other links")
        if one.get("subaccount_id"):
            notes.append(f"it belongs to subaccount {one['subaccount_id']}: `manage.subaccount` under `senders:`")
        yield SeenBrand("sparkpost", str(one["domain"]).lower().rstrip("."), source, notes=tuple(notes))
