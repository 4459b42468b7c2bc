"""Two readers of one packet: a fast one may give up, and must never disagree with the full one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from infra.verify.observations import Vantage
from infra.verify.observe.dns_message import Decoded, NotOurAnswerError, Query, decode

# (packet, query, vantage) → the answer, or None for "let the other one read it"
Reader = Callable[[bytes, Query, Vantage], Decoded | None]
_FAST = ("infra.verify.observe.dns_fast", "fast_decode")


def fast_reader() -> Reader | None:
    """The project's fast reader; None in a version that has none."""
    module, function = _FAST
    if find_spec(module) is None:
        return None
    found: Any = getattr(import_module(module), function)
    return found


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
    assert quick.truncated == full.truncated, packet.hex()
    for item in fields(full.reply):  # `==` leaves the packets out
        one, other = getattr(quick.reply, item.name), getattr(full.reply, item.name)
        assert one == other, f"{item.name}: fast {one!r}, full {other!r}: {packet.hex()}"
    return True
