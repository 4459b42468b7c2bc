"""The name that click hosts of a zone lead to: its addresses are the load balancer's, which has no name of its own."""

from __future__ import annotations

_PREFIX = "edge-gcp-"


def target(account: str, zone: str) -> str:
    """Without its last dot. It is a name for people's resolvers, so it has no `_`.

    A click host stays a CNAME by it, and each step of a link is one change of one record: a CNAME could not become addresses without
    being deleted first (RFC 1034 §3.6.2), and whoever asked in between would be told that there is no such name.
    """
    return f"{label(account)}.{zone}"


def label(account: str) -> str:
    """The first label of the names of an account's load balancer."""
    return f"{_PREFIX}{account.replace('_', '-')}"


def is_target(name: str) -> bool:
    """Whether a record that leads to this name leads to such an edge, whosever."""
    return name.startswith(_PREFIX)
