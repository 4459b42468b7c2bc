"""One stack: all three comparisons at once, whatever one of them meets. Nothing is written but what was sent to edges that may drain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from linkproof.declaration.fingerprint import fingerprint
from linkproof.drift import cloud, code, expiring, twins, world
from linkproof.drift.about import About
from linkproof.drift.baseline import Acceptance, applied
from linkproof.drift.merge import merged
from linkproof.drift.model import KINDS, Comparison, Item, StackDrift
from linkproof.engine import events
from linkproof.engine.clients import Clients
from linkproof.engine.own_requests import OwnRequests, sent_to_edges
from linkproof.engine.state import read_state
from linkproof.errors import LinkproofError
from linkproof.expectations.join import join
from linkproof.expectations.model import parse, require_known_edges
from linkproof.plan.build import build
from linkproof.verify.redaction.redact import redact
from linkproof.verify.run import verify

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine
    from linkproof.plan.model import Plan
    from linkproof.verify.options import VerifyOptions


@dataclass(frozen=True, slots=True)
class Stack:
    """What one stack is compared with.

    Args:
        options: how its internet is asked.
        places: declaration key → `file:line:column`.
        accepted: its baseline.
    """

    engine: Engine
    declaration: Declaration
    options: VerifyOptions
    places: Mapping[str, str]
    accepted: tuple[Acceptance, ...] = ()


def compare(stack: Stack, now: datetime | None = None) -> StackDrift:
    """Compare code, state, cloud and world. The engines run beside the verification, for they wait for each other's vendors.

    Args:
        now: aware, UTC; the clock's by default.

    Raises:
        LinkproofError: there is no engine, or the stack was never deployed: then there is nothing to compare.
    """
    moment = now or datetime.now(UTC)
    engine, plan = stack.engine, build(stack.declaration)
    about = About(plan)
    with ThreadPoolExecutor(max_workers=5, thread_name_prefix="drift") as pool:
        exported, previewed = pool.submit(engine.export), pool.submit(events.preview, engine)
        state: Callable[[], dict[str, Any]] = exported.result
        told: Callable[[], events.Told] = previewed.result
        running = {
            code.COMPARISON: pool.submit(_attempt, code.COMPARISON, lambda: code.items(told(), state(), engine.stack)),
            cloud.COMPARISON: pool.submit(_attempt, cloud.COMPARISON, lambda: _cloud(engine, state, told)),
        }
        clients = cache(lambda: Clients.of(engine))
        asked = pool.submit(_attempt, cloud.COMPARISON, lambda: twins.items(plan, about, clients))
        try:
            document = state()
        except LinkproofError:
            waiting: list[Future[Any]] = [previewed, *running.values(), asked]
            for one in waiting:
                one.cancel()
            raise
        outside = _attempt(world.COMPARISON, lambda: _world(stack, plan, about, document, moment))
        parts = {comparison: one.result() for comparison, one in running.items()}
        beside = asked.result()
    found = merged(parts[code.COMPARISON], (*parts[cloud.COMPARISON], *beside), outside, about, stack.accepted)
    items, notes = applied([redacted(item) for item in found], stack.accepted, moment)
    return StackDrift(
        engine.stack, tuple(sorted(items, key=lambda item: KINDS.index(item.kind))), links=about.all, notes=notes
    )


def redacted(item: Item) -> Item:
    """What vendors and the program say may hold a token; no report of it does."""
    return replace(
        item,
        expected=redact(item.expected),
        observed=redact(item.observed),
        why=redact(item.why),
        seen=tuple(redact(line) for line in item.seen),
    )


def _cloud(engine: Engine, state: Callable[[], dict[str, Any]], previewed: Callable[[], events.Told]) -> Iterator[Item]:
    def read(without: tuple[str, ...], runs_program: bool) -> events.Told:
        return events.read_again(engine, without, runs_program=runs_program)

    return cloud.items(cloud.read_told(read, state, lambda: _tells_anew(previewed)), state())


def _tells_anew(previewed: Callable[[], events.Told]) -> bool:
    """A preview that failed is said by the other comparison; what the providers read by the state's word holds all the same."""
    try:
        return events.tells_providers_anew(previewed())
    except LinkproofError:
        return False


def _world(stack: Stack, plan: Plan, about: About, document: dict[str, Any], now: datetime) -> Iterator[Item]:
    name = stack.engine.stack
    wanted = join(plan, read_state(document), stack=name, now=now) | {"declaration": fingerprint(stack.declaration)}
    expectations = parse(wanted, place=f"the expectations of {name}")
    require_known_edges(expectations, f"the expectations of {name}")
    result = verify(expectations, stack.options, places=stack.places)
    with suppress(OSError):  # where nothing can be written they count as somebody's, and an edge stays longer
        OwnRequests(stack.engine.project.work_dir(name)).keep(sent_to_edges(expectations, result), now)
    found = list(world.items(result, about))
    yield from found
    yield from expiring.items(name, stack.declaration, result.to_json(), now, found)


def _attempt(comparison: Comparison, make: Callable[[], Iterable[Item]]) -> tuple[Item, ...]:
    """One comparison; that it fails hides nothing of the others, and is no word about what it would have found."""
    try:
        return tuple(make())
    except (LinkproofError, OSError) as error:
        problem = error.problem if isinstance(error, LinkproofError) else str(error)
        fix = error.fix if isinstance(error, LinkproofError) else "see to that file or device, and run this again"
        return (Item("could not check", comparison, "all of it", why=problem, fix=fix),)
