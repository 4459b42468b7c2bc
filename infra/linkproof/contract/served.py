"""What the authoritative servers of one host's zone give for it, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServedAt:
    """One server's answer.

    Args:
        server: its name and address, as it is shown.
        names: where the host leads: the CNAME that this server gives, and what follows it; empty where it gives none.
        addresses: what the host's last name has, or the host itself where it has no CNAME.
        ttl_seconds: of what this server gives at the host itself; None where it gives nothing.
        problem: why the answer says nothing; empty where it does.
    """

    server: str
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    ttl_seconds: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HostServed:
    """One host at every server of the zone that really holds it.

    Args:
        problem: why not every server could be asked; empty where each was.
    """

    servers: tuple[ServedAt, ...] = ()
    problem: str = ""
