"""What Cloudflare's rulesets may not lose."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.edges.cloudflare.state import planned, seen

NAME = "cloudflare"

RULES = {
    "move.rulesets": "a ruleset that is let go is deleted whole: live links would lose their rules at that moment",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """Rules of links in use that would be deleted with their ruleset."""
    losing = {one.host for one in seen(deployment.state)} - {host for host, _ in planned(deployment.items)}
    for past in deployment.links:
        if past.host in losing and NAME in past.edges and not past.phases.isdisjoint(PHASES_AT_EDGE):
            yield Refusal(
                "move.rulesets",
                past.host,
                f"the rules of a link in phase {past.shown} would be deleted with their ruleset",
                "step it back to ready with `rulesets: ours`; say `external` there, put the rules that `linkproof plan` prints"
                " into the zone, and step forwards",
            )


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """The state says all of it."""
    del deployment, client
    yield from ()
