"""Edges that the deployment would let go: only when every server has left them, and every resolver has forgotten them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from linkproof import registry
from linkproof.contract.edge import EdgeSeen
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.declaration.drain import span
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.asking import Answer, Ask, Question
from linkproof.engine.guard.deployed import Deployed, is_manual
from linkproof.engine.guard.draining import Draining, draining_of
from linkproof.engine.guard.quiet import Listen, nobody_listens
from linkproof.engine.lifetime import AnswerLifetime, answers_live_until
from linkproof.history.read import History, read_history
from linkproof.names import HostName, InvalidHostNameError
from linkproof.plan.model import Plan

_DEFAULT_TTL_SECONDS = 300
# Of a zone that nobody declares any more: as long as the slowest DNS host says.
_DEFAULT_PROPAGATION_SECONDS = max(host.facts.PROPAGATION_SECONDS for host in registry.dns_hosts())


def departures(plan: Plan, declaration: Declaration, state: State) -> list[Question]:
    """One question for each host whose edge is in the state and not in the plan."""
    found: dict[str, Question] = {}
    for plugin in registry.edges():
        if plugin.state is None:
            continue
        kept = plugin.state.planned(plan.items)
        for seen in plugin.state.seen(state):
            if seen.is_leaving or (seen.host, seen.holder) not in kept:
                _add(found, plugin.name, seen, declaration, state)
    return list(found.values())


def judge_departures(
    questions: Sequence[Question],
    links: Sequence[Deployed],
    declaration: Declaration,
    state: State,
    now: datetime,
    ask: Ask,
    listen: Listen = nobody_listens,
) -> Iterator[Refusal]:
    """Ask about every edge that would go, all at once, and refuse where it is still led to, or somebody may still come.

    Args:
        listen: asked only of an edge that drains, when no answer leads to it any more.
    """
    if not questions:
        return
    answers = ask(questions)
    by_host = {one.host: one for one in links}
    history = read_history(state)
    for question in questions:
        host = question.host
        answer = answers.get(host) or Answer("unknown", "it was not asked")
        if answer.whereabouts == "at-edge":
            yield _still_served(question, answer, declaration, state)
        elif answer.whereabouts == "unknown":
            yield Refusal(
                "phase.edge-not-asked",
                host,
                f"the {question.edge} edge would go, and whether DNS has left it is not known: {answer.detail}",
                "make every server of the zone answer, or take it out of the delegation; then run this again",
            )
        else:
            yield from _held(question, answer, by_host.get(host), declaration, state, history, now, listen)


def _held(
    question: Question,
    answer: Answer,
    deployed: Deployed | None,
    declaration: Declaration,
    state: State,
    history: History,
    now: datetime,
    listen: Listen,
) -> Iterator[Refusal]:
    host = question.host
    propagation = _propagation_seconds(host, declaration)
    found = [answers_live_until(host, propagation, state, history, now, question.edges)]
    if answer.away_since is not None:
        known = history.longest_ttl_seconds(f"{host}/CNAME")
        ttl = max(_declared_ttl(host, deployed, state), answer.ttl_seconds or 0, known)
        seen = answer.away_since.isoformat(timespec="seconds")
        why = f"the record was first seen away from the edge at {seen}, and lives {ttl} s"
        found.append(AnswerLifetime(answer.away_since + timedelta(seconds=ttl + propagation), why, answer.away_since))
    lifetimes = [one for one in found if one is not None]
    held = max(lifetimes, key=lambda one: one.until, default=None)
    is_held = held is not None and held.until > now
    if held is not None and is_held:
        yield Refusal(
            "phase.edge-still-in-use",
            host,
            f"resolvers may hold the edge's address until {held.until.isoformat(timespec='seconds')}: {held.why}",
            "deploy again after that moment; `linkproof guard --wait 10m` waits for it",
            held.until,
        )
    left = max((one.left for one in lifetimes), default=None)
    if left is not None and left < now:
        draining = draining_of(host, question.edges, left, declaration, deployed)
        if draining.until > now:
            yield from _draining(question, draining, nobody_listens if is_held else listen)


def _draining(question: Question, draining: Draining, listen: Listen) -> Iterator[Refusal]:
    quiet = listen(draining)
    if quiet.is_quiet:
        return
    left, until = (moment.isoformat(timespec="seconds") for moment in (draining.left, draining.until))
    yield Refusal(
        "phase.edge-draining",
        question.host,
        f"the {question.edge} edge, which clicks left at {left}, stays {span(draining.seconds)} for those who still come, until {until}:"
        f" {quiet.detail}",
        "leave it as it is (phase ready, or `standby`) until then; or until its counter says that nobody came for a day. How long is"
        " said by `drain` of its entry under `edges:`",
        draining.until,
    )


def _still_served(question: Question, answer: Answer, declaration: Declaration, state: State) -> Refusal:
    host = question.host
    if is_manual(host, declaration) or state.record(f"{host}/CNAME") is None:
        fix = "move the record away from the edge first, at the zone's DNS host; `linkproof plan` prints its value"
    else:
        fix = (
            f"`pulumi up --refresh -s {state.stack}` with the phase that is deployed now: the DNS host holds another value"
            " than the state, as after an interrupted deployment; or wait, if its servers have only not all followed yet"
        )
    return Refusal("phase.edge-still-served", host, f"the {question.edge} edge would go, and {answer.detail}", fix)


def _add(found: dict[str, Question], provider: str, seen: EdgeSeen, declaration: Declaration, state: State) -> None:
    before = found.get(seen.host)
    known = before.names | seen.names if before is not None else seen.names
    # an edge that answers for the host itself is looked for in every answer, so it is what is asked about
    proxied = seen.is_proxied or (before is not None and before.is_proxied)
    edge = before.edge if before is not None and before.is_proxied else provider
    undated = _is_undated(seen.host, declaration, state)
    beside = ((before.edges if before is not None else frozenset()) | {provider}) - {edge}
    found[seen.host] = Question(seen.host, edge, known, is_proxied=proxied, is_undated=undated, beside=beside)


def _is_undated(host: str, declaration: Declaration, state: State) -> bool:
    """No record in the state says when it last changed, and there may have been one: a person's, or one that is gone."""
    if state.record(f"{host}/CNAME") is not None:
        return False
    was_deployed = any(
        isinstance(entry, dict) and entry.get("click_host") == host
        for entry in (state.outputs.get("links") or {}).values()
    )
    is_gone = any(state.is_record(one) and one.name == f"{host}/CNAME" for one in state.leaving)
    return was_deployed or is_gone or is_manual(host, declaration)


def _propagation_seconds(host: str, declaration: Declaration) -> int:
    try:
        zone = declaration.find_zone(HostName(host))
    except InvalidHostNameError:
        zone = None
    return zone.propagation_seconds if zone is not None else _DEFAULT_PROPAGATION_SECONDS


def _declared_ttl(host: str, deployed: Deployed | None, state: State) -> int:
    """The longer of what is declared now and what the last finished deployment declared."""
    exported = state.outputs.get("expectations")
    records = exported.get("records", []) if isinstance(exported, dict) else []
    then = [r.get("ttl_seconds") for r in records if isinstance(r, dict) and r.get("name") == f"{host}."]
    now = [deployed.link.ttl_seconds] if deployed is not None and deployed.link is not None else []
    return max([*now, *(int(ttl) for ttl in then if isinstance(ttl, int | float))], default=_DEFAULT_TTL_SECONDS)
