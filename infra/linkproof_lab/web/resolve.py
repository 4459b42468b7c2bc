"""Finds an origin's addresses the way an edge does: by asking the lab's caching resolver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import dns.asyncresolver
import dns.exception

from linkproof_lab.settings import LabSettings
from linkproof_lab.web.errors import OriginNameError

Resolve = Callable[[str], Awaitable[list[str]]]
_SECONDS = 3.0


def through_lab(settings: LabSettings) -> Resolve:
    """A function from a host name to its IPv4 addresses, at least one."""
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [settings.resolver]
    resolver.port = settings.dns_port
    resolver.lifetime = _SECONDS
    resolver.cache = None

    async def resolve(host: str) -> list[str]:
        try:
            answer = await resolver.resolve(f"{host.removesuffix('.')}.", "A")
        except dns.exception.DNSException as error:
            raise OriginNameError(host, str(error)) from error
        return [rdata.to_text() for rdata in answer]

    return resolve
