"""Asks every requirement that can be asked, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Literal

from linkproof.conformance.checks.all import CHECKS
from linkproof.conformance.requirements.all import required
from linkproof.conformance.run.found import Conformance, Found, NotAskedError, Outcome
from linkproof.conformance.run.origins import EchoOrigin

if TYPE_CHECKING:
    from linkproof.conformance.requirements.requirement import Ability, Requirement
    from linkproof.conformance.run.session import Session

_LACKS: dict[Ability, str] = {
    "records": "it takes an origin that records: --origin-listen or --echo",
    "orders": "the echo endpoint takes no orders",
    "certificates": "it takes an origin of this command with --certificate and --key, so that it can show another one",
    "going": "it takes an origin of this command (--origin-listen), which can go and come",
    "names": "it takes a name whose addresses the run can change",
}
_WAITING = frozenset({"cache.redirects", "cache.errors", "cache.gone", "cache.opens"})
# These take no click.
_HANDSHAKES = frozenset({"front.tls12", "front.tls13", "front.chain"})


async def conform(
    session: Session, *, only: Collection[str] = (), progress: Callable[[str], None] | None = None
) -> Conformance:
    """Ask an edge.

    Args:
        only: ids; empty for all.

    Raises:
        UnreadableEchoError: the echo endpoint stopped answering.
    """
    outcomes: dict[str, Outcome] = {}
    unreached = ""
    wanted = [one for one in required(session.needs) if not only or one.id in only or one.id == "reach"]
    for requirement in wanted:
        if requirement.id in outcomes:
            continue
        if progress is not None:
            progress(requirement.id)
        together = [requirement]
        if requirement.id in _WAITING and session.needs is not None and session.needs.cache_seconds:
            # what waits until kept answers have ended waits together
            together = [one for one in wanted if one.id in _WAITING]
        found = await asyncio.gather(*(_outcome(session, one, unreached) for one in together))
        outcomes.update((one.requirement.id, one) for one in found)
        if requirement.id == "reach" and outcomes["reach"].verdict == "broken":
            unreached = "no click reaches the origin"
    mode: Literal["origin", "echo", "live"] = "live" if session.origin is None else "origin"
    asked = tuple(outcomes[one.id] for one in wanted)
    mode = "echo" if isinstance(session.origin, EchoOrigin) else mode
    return Conformance(session.front.host, mode, asked, tuple(session.front.sent))


async def _outcome(session: Session, requirement: Requirement, unreached: str) -> Outcome:
    has = session.origin.abilities if session.origin is not None else frozenset()
    lacking = next((_LACKS[ability] for ability in requirement.needs if ability not in has), "")
    why = lacking or (unreached if requirement.id not in _HANDSHAKES else "")
    if why:
        return Outcome(requirement, "not asked", why=why)
    found = Found()
    try:
        await CHECKS[requirement.id](session, found)
    except NotAskedError as error:
        return Outcome(requirement, "not asked", notes=tuple(found.notes), why=str(error))
    verdict: Literal["broken", "kept"] = "broken" if found.faults else "kept"
    return Outcome(requirement, verdict, tuple(found.faults), tuple(found.notes))
