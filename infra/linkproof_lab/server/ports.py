"""A port that somebody else has."""

from __future__ import annotations

from linkproof.errors import LinkproofError


class PortInUseError(LinkproofError):
    """The lab cannot listen where its settings say.

    Args:
        purpose: what would listen there, for people.
        option: the option of `linkproof lab up` that moves this port.
    """

    def __init__(self, address: str, port: int, purpose: str, option: str) -> None:
        super().__init__(
            f"{purpose}: port {port} on {address} is in use by another process",
            f"end that process, or choose another place: `linkproof lab up {option} PORT`, or `--net N` for other "
            "addresses (127.N.x.y); the IPv6 DNS server is always [::1], so a second lab needs its own `--dns-port`",
        )
        self.address = address
        self.port = port
