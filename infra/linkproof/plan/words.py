"""What a changed field of an item means outside, as a clause; and what a change means for a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from linkproof import registry
from linkproof.contract.declared import MANAGED
from linkproof.plan.model import Plan, PlannedLink
from linkproof.words import counted

_ASKED = {"required": "must answer", "optional": "may answer", "off": "is not asked"}

# field → the clause, from what it was and what it is. Any other field is named.
_CLAUSES: Mapping[str, Callable[[Any, Any], str]] = {
    "value": lambda old, new: f"leads to {shown(new)} in place of {shown(old)}",
    "proxied": lambda _, new: (
        "is proxied: the edge's own addresses are answered in place of its CNAME"
        if new
        else "is proxied no longer: its CNAME is answered in place of the edge's own addresses"
    ),
    "alias": lambda _, new: (
        "answers with its target's addresses in place of a CNAME"
        if new
        else "is a CNAME in place of its target's addresses"
    ),
    "ttl_seconds": lambda old, new: f"resolvers may keep it for {new} s in place of {old} s",
    "protect": lambda _, new: "the engine refuses to delete it" if new else "the engine may delete it",
    "ipv6": lambda _, new: "answers over IPv6 as well" if new else "answers over IPv4 alone",
    "ours": lambda _, new: "its rules are written by this stack" if new else "its rules are somebody else's to write",
    "connect": lambda _, new: (
        "is proved by the host's own name, as readers reach it"
        if new is None
        else f"is proved at {shown(new)}, before DNS leads there"
    ),
    "http": lambda _, new: f"port 80 {_ASKED[new]}",
    "https": lambda _, new: f"port 443 {_ASKED[new]}",
    "in_use": lambda _, new: "mail has its links" if new else "no mail has its links yet",
    "families": lambda _, new: f"must be reached over {' and '.join(f'IPv{family}' for family in new)}",
    "canaries": lambda _, new: f"{counted(len(new), 'canary', 'canaries')} will be followed",
}


def clause(field: str, old: Any, new: Any) -> str:
    """One changed field of an item in words."""
    said = _CLAUSES.get(field)
    if said is not None:
        return said(old, new)
    return f"{field.replace('_', ' ')} {shown(new)} in place of {shown(old)}"


def shown(value: object) -> str:
    """A field's value as people write it."""
    if isinstance(value, tuple):
        return ", ".join(map(shown, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def clicks(base: Plan, head: Plan) -> Iterator[str]:
    """What the change means for the links in mail, one line for each click host for which it means something."""
    before, after = ({link.click_host: link for link in plan.links} for plan in (base, head))
    for host, link in after.items():
        old = before.get(host)
        if old is None:
            yield f"{host}: a new link; its clicks go to {_taken_by(link)}"
        elif _taken_by(old) != _taken_by(link):
            yield f"{host}: clicks go to {_taken_by(link)} in place of {_taken_by(old)}"
            if doubt := once_left(old):
                yield f"{host}: {doubt}"
        elif old.edge_provider == link.edge_provider and (old.phase == "secured") != (link.phase == "secured"):
            scheme = "https" if link.phase == "secured" else "http"
            yield f"{host}: clicks go where they went; mail is said to be written with {scheme}:// from now on"
    for host in before:
        if host not in after:
            yield f"{host}: the link goes; whoever clicks it in old mail gets nowhere"
    was, now = (
        {tracked.host: tracked.points_at for tracked in plan.hosts if tracked.is_published} for plan in (base, head)
    )
    for host, target in now.items():
        if host not in was:
            yield f"{host}: a new tracking host; its events go to {target}"
    for host in was:
        if host not in now:
            yield f"{host}: the tracking host goes; pages that still use it measure nothing"


def once_left(link: PlannedLink) -> str:
    """What is not known of the edge that answers its clicks, once the click host has left it; empty where nothing is."""
    if link.edge_provider in (None, MANAGED) or link.phase not in ("live", "secured"):
        return ""
    return str(getattr(registry.edge(str(link.edge_provider)).facts, "ONCE_LEFT", ""))


def _taken_by(link: PlannedLink) -> str:
    """Who answers a click."""
    if link.edge_provider in (None, MANAGED) or link.phase not in ("live", "secured"):
        return f"the sender ({link.sender}{', by its own HTTPS' if link.has_own_https else ''})"
    return f"edge {link.edge} ({link.edge_provider}, account {link.edge_account})"
