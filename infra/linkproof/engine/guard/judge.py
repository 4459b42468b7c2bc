"""Everything that a deployment may not do, judged against the last outputs and the state: the worse of the two counts."""

from __future__ import annotations

from datetime import datetime

from linkproof import registry
from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.aliases import judge_alias
from linkproof.engine.guard.arrivals import arrivals
from linkproof.engine.guard.asking import Ask
from linkproof.engine.guard.departures import departures, judge_departures
from linkproof.engine.guard.deployed import deployed_links
from linkproof.engine.guard.edges import judge_edge
from linkproof.engine.guard.moves import judge_moves
from linkproof.engine.guard.protected import judge_protected
from linkproof.engine.guard.quiet import Listen, nobody_listens
from linkproof.engine.guard.step import Step
from linkproof.engine.guard.steps import judge_step, steps_of
from linkproof.engine.guard.successors import judge_successor
from linkproof.engine.guard.tracking import judge_tracking
from linkproof.engine.guard.ttl import judge_ttl
from linkproof.engine.guard.unknown import judge_unknown
from linkproof.plan.model import Plan


def judge(
    declaration: Declaration,
    plan: Plan,
    state: State,
    now: datetime,
    ask: Ask,
    listen: Listen = nobody_listens,
) -> list[Refusal]:
    """Every refused step.

    Args:
        declaration: what `pulumi up` would deploy.
        plan: of it.
        state: what the last deployment left, finished or not; the history of its records is in it.
        now: aware.
        ask: whether DNS has left the edges that would go; called at most once, and only when there is one.
        listen: whether somebody still comes to an edge that drains; likewise.
    """
    links = deployed_links(declaration, state)
    refusals = list(judge_unknown(state))
    for deployed in links:
        refusals += (
            list(judge_successor(deployed, declaration, now))
            or list(judge_step(deployed, declaration))
            or list(judge_alias(deployed, state))
            or list(judge_edge(deployed, declaration, state))
        )
    refused = _hosts(refusals)
    stepping = [one for one in links if one.host not in refused]
    refusals += judge_ttl(arrivals(stepping, declaration, state), declaration, state.stack)
    refusals += judge_moves([one for one in links if one.host not in _hosts(refusals)], plan, state)
    refusals += judge_tracking(declaration, state)
    refused = _hosts(refusals)
    refusals += judge_protected(plan, state, refused)
    leaving = [question for question in departures(plan, declaration, state) if question.host not in refused]
    refusals += judge_departures(leaving, links, declaration, state, now, ask, listen)
    return refusals


def judge_at_vendors(plan: Plan, state: State, client: ClientOf) -> list[Refusal]:
    """What only a vendor can tell, asked by each plug-in of its own.

    Args:
        client: from vendor and account; called only where something would go.

    Raises:
        LinkproofError: a vendor cannot be asked.
    """
    deployment = Deployment(plan.items, state, ())
    return [
        refusal
        for plugin in registry.plugins()
        if plugin.guard is not None
        for refusal in plugin.guard.judge_at_vendor(deployment, client)
    ]


def steps(declaration: Declaration, state: State) -> list[Step]:
    """Every link that steps in this deployment."""
    return steps_of(deployed_links(declaration, state))


def _hosts(refusals: list[Refusal]) -> frozenset[str]:
    return frozenset(refusal.host for refusal in refusals)
