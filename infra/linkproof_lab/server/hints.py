"""The root hints: where a resolver that knows nothing begins."""

from __future__ import annotations

from linkproof_lab.settings import LabSettings
from linkproof_lab.world import servers_of

_TTL_SECONDS = 3_600_000  # as in the hints of the real root; a resolver does not cache by it


def root_hints(settings: LabSettings) -> str:
    """In the form of a zone file, as BIND, Unbound and Knot Resolver read it."""
    servers = servers_of("root", settings)
    lines = [f".  {_TTL_SECONDS}  IN  NS  {name}." for name, _ in servers]
    lines += [f"{name}.  {_TTL_SECONDS}  IN  A  {address}" for name, address in servers]
    return f"; the lab's root servers, port {settings.dns_port}\n" + "\n".join(lines) + "\n"
