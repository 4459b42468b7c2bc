"""Two readers of one packet: a fast one may give up, and must never disagree with the full one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns.fast_reader import FastReader
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import Query

# (packet, query, vantage) → the answer, or None for "let the other one read it"
Reader = Callable[[bytes, Query, Vantage], Reply | None]
# One for all inputs: what it remembers of one packet must never show in the answer to another.
FAST: Reader = FastReader().read


def assert_agrees(fast: Reader, packet: bytes, query: Query, vantage: Vantage) -> bool:
    """Whatever `fast` takes, `decode` takes too and reads alike, to the last field.

    Returns:
        whether `fast` took it.
    """
    quick = fast(packet, query, vantage)
    if quick is None:
        return False
    try:
        full = decode(packet, query, vantage)
    except NotOurAnswerError as error:
        raise AssertionError(f"the fast reader took what is no answer ({error}): {packet.hex()}") from error
    for item in fields(full):  # `==` leaves the packets out
        one, other = getattr(quick, item.name), getattr(full, item.name)
        assert one == other, f"{item.name}: fast {one!r}, full {other!r}: {packet.hex()}"
    return True
