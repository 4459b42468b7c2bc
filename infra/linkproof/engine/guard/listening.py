"""Asks the counters of edges that clicks have left: whether anybody but ourselves came for a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linkproof import registry
from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import EdgeRequests
from linkproof.contract.state import State
from linkproof.engine.guard.draining import Draining
from linkproof.engine.guard.quiet import DAY, Listen, Quiet, strangers, window
from linkproof.engine.own_requests import Own
from linkproof.errors import LinkproofError
from linkproof.words import counted


def listener(state: State, client: ClientOf, own: Sequence[Own], now: datetime) -> Listen:
    """What asks each edge's own counter; an edge without one stays for as long as is declared.

    Args:
        client: called only where something drains and has a counter.
        own: every request that we are known to have sent to the edges themselves.
        now: aware.
    """

    def listen(draining: Draining) -> Quiet:
        for edge in sorted(draining.edges):
            counter = registry.edge(edge).requests
            if counter is None:
                return Quiet(False, f"{edge} has no counter that can be asked here, so that the time decides")
            mine = [one for one in own if one.edge == edge]
            try:
                quiet = _quiet(counter, draining, state, client, mine, now)
            except LinkproofError as error:
                quiet = Quiet(False, f"{error.problem} ({error.fix})" if error.fix else error.problem)
            if not quiet.is_quiet:
                return quiet
        return Quiet(True, "")

    return listen


def _quiet(
    counter: EdgeRequests,
    draining: Draining,
    state: State,
    client: ClientOf,
    own: Sequence[Own],
    now: datetime,
) -> Quiet:
    host, left = draining.host, draining.left
    asked = window(left, counter.LATE_SECONDS, now)
    if asked is None:
        return Quiet(False, f"{counter.COUNTER} has not seen a whole day since then")
    before = counter.counted(host, state, left - DAY, left, client)
    if before is None:
        return Quiet(False, f"{counter.COUNTER} does not tell this host from others, so that the time decides")
    if not before:
        return Quiet(
            False, f"{counter.COUNTER} has nothing of the day before clicks left either, and so proves nothing"
        )
    day = counter.counted(host, state, *asked, client) or ()
    together = {host}.union(*(part.hosts for part in day))
    others = strangers(day, [one.at for one in own if one.host in together])
    if others:
        return Quiet(
            False, f"{counted(others, 'request')} that we did not send came within a day, by {counter.COUNTER}"
        )
    return Quiet(True, "")
