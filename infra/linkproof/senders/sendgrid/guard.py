"""What is refused of a deployment with KARTE's keys: the one that KARTE sends with does not go in the step that makes the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.senders.sendgrid.items import API_KEY, ApiKey
from linkproof.senders.sendgrid.karte import NAME

RULES: Mapping[str, str] = {
    "karte.key-in-use": "KARTE sends with the last of `keys` until a person has given it another: a key that goes before that stops its mail",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    planned = {item.resource for item in deployment.items if isinstance(item, ApiKey)}
    for held in deployment.state.of_types(API_KEY):
        start, _, word = held.name.rpartition(f"/{NAME}-")
        others = sorted(name for name in planned if name.startswith(f"{start}/{NAME}-"))
        if start and held.protect and held.name not in planned and others:
            newer = others[-1].rpartition(f"{NAME}-")[2]
            yield Refusal(
                "karte.key-in-use",
                held.name,
                "KARTE sends with this key, and the deployment would delete it",
                f'write `keys: ["{word}", "{newer}"]` and deploy; give KARTE the new key (`linkproof karte plugin-sheet`), and'
                f' then write `keys: ["{newer}"]`',
            )


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Nothing: SendGrid does not say when a key was last used."""
    del deployment, client
    yield from ()
