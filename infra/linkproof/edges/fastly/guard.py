"""A host in use does not change who makes its certificate: Fastly switches TLS on for a host once."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.edges.fastly.items import ACTIVATION, SUBSCRIPTION, Activation, Subscription

RULE = "edge.fastly-certificate"
RULES = {
    RULE: "a subscription switches TLS on for its host by itself, and Fastly refuses a second activation"
    " (`domain_id has already been taken`): the first must go before, and clicks would have no certificate in between",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """Refuse a certificate of Fastly's in place of the user's, and the other way round, while the edge exists."""
    for item in deployment.items:
        if isinstance(item, Activation):
            other, change = SUBSCRIPTION, "one of Fastly's to yours"
        elif isinstance(item, Subscription):
            other, change = ACTIVATION, "yours to one of Fastly's"
        else:
            continue
        if deployment.state.find(other, item.resource) is not None:
            yield Refusal(
                RULE,
                item.resource,
                f"its certificate would change from {change}, which Fastly does not do in one step",
                "leave `certificates` as it was deployed; lead the link to another edge (`standby`) or back to `branded`, and change it then",
            )


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """The state says all of it."""
    del deployment, client
    yield from ()
