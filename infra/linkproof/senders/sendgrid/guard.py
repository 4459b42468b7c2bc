"""What is refused of a deployment: that the key goes with which KARTE sends, or a subuser with all that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.senders.sendgrid.items import API_KEY, SUBUSER, ApiKey, Subuser
from linkproof.senders.sendgrid.karte import NAME

RULES: Mapping[str, str] = {
    "karte.key-in-use": "KARTE sends with the last of `keys` until a person has given it another: a key that goes before that stops its mail",
    "sendgrid.subuser-in-use": "SendGrid deletes a subuser with its links, domains, keys and webhooks: clicks in mails of long ago then lead nowhere",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    yield from _keys(deployment)
    yield from _subusers(deployment)


def _keys(deployment: Deployment) -> Iterator[Refusal]:
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


def _subusers(deployment: Deployment) -> Iterator[Refusal]:
    """One that this stack has made, that would go, and that something still declared belongs to."""
    planned = {item.resource for item in deployment.items if isinstance(item, Subuser)}
    for held in deployment.state.of_types(SUBUSER):
        if held.name in planned or held.is_kept:
            continue
        users = [item for item in deployment.items if held.name in item.needs or item.resource == held.name]
        if users:
            shown = ", ".join(f"{item.kind} {item.resource}" for item in users[:3])
            yield Refusal(
                "sendgrid.subuser-in-use",
                held.name,
                f"this stack has made the subuser, the deployment would delete it, and it is needed: {shown}",
                "write it under `subusers` with its `email` again; it may go once nothing that is declared belongs to it",
            )


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Nothing: SendGrid does not say when a key was last used."""
    del deployment, client
    yield from ()
