"""What a sender's support asks for before it switches https on, held against what was deployed and proved. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linkproof import registry
from linkproof.contract.declared import Link, Sender
from linkproof.contract.state import State
from linkproof.contract.support import ProvedLink
from linkproof.declaration.model import Declaration
from linkproof.standing.reported import is_standby


@dataclass(frozen=True, slots=True)
class Requested:
    """One account's message, or what keeps it from being written.

    Args:
        missing: link key and what is not proved of it.
        message: empty while anything is missing.
        to_check: what nothing here proves, for a person to look at before it is sent.
    """

    sender: Sender
    missing: tuple[tuple[str, str], ...]
    message: str = ""
    to_check: tuple[str, ...] = ()


def requests(
    declaration: Declaration,
    links: Sequence[Link],
    state: State,
    verified: Mapping[str, Any],
    verified_at: datetime | None,
) -> list[Requested]:
    """One for each account, in the file's order.

    Args:
        links: those for which https is asked.
        verified: the last report of `verify`; empty where there is none.
        verified_at: when it was written, aware.
    """
    by_sender: dict[str, list[Link]] = {}
    for link in links:
        by_sender.setdefault(
            link.sender.path if link.sender.path.startswith("senders.") else link.sender.key, []
        ).append(link)
    return [_request(declaration, mine, state, verified, verified_at) for mine in by_sender.values()]


def _request(
    declaration: Declaration,
    links: Sequence[Link],
    state: State,
    verified: Mapping[str, Any],
    verified_at: datetime | None,
) -> Requested:
    sender = links[0].sender
    support = registry.sender(sender.provider).support
    missing = [(link.key, said) for link in links for said in _missing(link, state, verified, verified_at)]
    if support is None:
        missing.append((links[0].key, f"{sender.provider} has no such request: https is a setting of its own"))
    elif not missing and verified_at is not None:
        proved = [ProvedLink(link, _edge(declaration, link), _certificate_until(link, verified)) for link in links]
        message = support.request(sender, proved, verified_at.date().isoformat())
        return Requested(sender, (), message, support.to_check(sender))
    return Requested(sender, tuple(missing))


def _missing(link: Link, state: State, verified: Mapping[str, Any], verified_at: datetime | None) -> Iterator[str]:
    """Each prerequisite that is not proved."""
    if link.sender.is_external:
        yield "somebody else runs the account, and asks for it there"
    if link.phase != "live":
        yield f"it is declared {link.phase}, and https is asked for in phase live"
    entry = (state.outputs.get("links") or {}).get(link.key)
    deployed = (
        entry.get("phase") if isinstance(entry, dict) and entry.get("click_host") == link.click_host.text else None
    )
    if deployed != "live":
        yield f"the last deployment left it {deployed or 'unmade'}"
    support = registry.sender(link.sender.provider).support
    if support is not None:
        yield from support.missing(link, state)
    yield from _not_verified(link, state, verified, verified_at)


def _not_verified(link: Link, state: State, verified: Mapping[str, Any], verified_at: datetime | None) -> Iterator[str]:
    """That the click host leads to the edge and TLS answers there: what `verify` has found, after the last deployment."""
    again = f"run `linkproof verify {state.stack}`"
    if not verified or verified_at is None:
        yield f"nothing was verified: {again}"
        return
    if state.written_at and verified_at < datetime.fromisoformat(state.written_at):
        yield f"it was verified before the last deployment: {again}"
    for finding in verified.get("findings") or ():
        if finding.get("severity") == "error" and _concerns(finding, link):
            yield f"{finding.get('rule')}: {finding.get('why')}"
    for name, said in (
        ("lagging", "resolvers may still hold an older answer"),
        ("could_not_check", "could not be checked"),
    ):
        if any(_concerns(one, link) for one in verified.get(name) or ()):
            yield f"{said}: {again} again"
    if not _certificate_until(link, verified):
        yield f"no certificate was seen at its edge: {again}"


def _concerns(finding: Mapping[str, Any], link: Link) -> bool:
    ids = [str(finding.get("id")), *map(str, finding.get("affects") or ())]
    return any(one.startswith(f"{link.key}/") and not is_standby(one) for one in ids)


def _certificate_until(link: Link, verified: Mapping[str, Any]) -> str:
    """The first end of what the edge showed for this host; empty where it showed nothing."""
    ends = [
        str(one.get("not_after"))[:10]
        for one in verified.get("certificates") or ()
        if isinstance(one, dict)
        and one.get("host") == link.click_host.text
        and one.get("not_after")
        and not is_standby(one.get("id"))
        and not str(one.get("id")).endswith("/sender")  # by which it could go back to the sender's own HTTPS
    ]
    return min(ends, default="")


def _edge(declaration: Declaration, link: Link) -> str:
    edge = declaration.edge_of(link)
    return registry.edge(edge.provider).facts.NAME if edge is not None else "an edge"
