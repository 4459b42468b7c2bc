"""Host names in requests and certificates."""

from __future__ import annotations

from collections.abc import Iterable


def covers(names: Iterable[str], host: str) -> bool:
    """Whether one of a certificate's names is this host, or a wildcard for its first label (RFC 9525 §6.3)."""
    first, _, rest = host.lower().partition(".")
    wanted = {host.lower()}
    if first and rest:
        wanted.add(f"*.{rest}")
    return any(name.lower() in wanted for name in names)


def without_port(host: str) -> str:
    """A Host header's name, lower case. The lab's ports stand for 80 and 443, so no decision depends on them."""
    name = host.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0].removesuffix(".")


def port_suffix(host: str) -> bool:
    """Whether a Host header names a port."""
    return without_port(host) != host.strip().lower().removesuffix(".")
