"""Asking the authoritative servers of the internet outside of a verification: what that takes, made and closed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.options import VerifyOptions

Found = TypeVar("Found")


def with_walker(options: VerifyOptions, ask: Callable[[Walker], Awaitable[Found]]) -> Found:
    """What `ask` finds out with a walker of its own, over IPv4: what reaches every resolver.

    Args:
        options: the root servers, the port and the patience.

    Raises:
        LinkproofError: the hints file is unusable. What servers do never raises.
    """
    from linkproof.verify.event_loop import run

    return run(_ask(options, ask))


async def _ask(options: VerifyOptions, ask: Callable[[Walker], Awaitable[Found]]) -> Found:
    import ssl

    from linkproof.verify.clock import SystemClock
    from linkproof.verify.evidence.writer import EvidenceWriter
    from linkproof.verify.observe.dns.root_hints import load_hints
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.live_port import LivePort

    port = LivePort(options, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), EvidenceWriter(None), SystemClock())
    try:
        return await ask(Walker(port, load_hints(options.hints), options.dns_port))
    finally:
        await port.close()
