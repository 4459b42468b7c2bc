"""Rules over several declarations: what each may say alone, and not all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from linkproof import registry
from linkproof.contract.rules import EdgeView, Fault, Severity, TogetherRule, TogetherView
from linkproof.declaration.rules.registry import edge_view, reason
from linkproof.declaration.rules.view import Claim, View
from linkproof.declaration.same_account import account_identity
from linkproof.show import show_host


@dataclass(frozen=True, slots=True)
class Part:
    """One declaration among several.

    Args:
        accounts: `linkproof:accounts` of its stack's config; None where no stack is known.
    """

    view: View
    accounts: object = None


Found = Iterator[tuple[int, Fault]]
Check = Callable[[Sequence[Part]], Found]

TOGETHER: Final[dict[str, Check]] = {}


def _rule(rule_id: str, *, because: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        reason(rule_id, because=because)
        TOGETHER[rule_id] = check
        return check

    return register


@_rule(
    "stacks.host-twice",
    because="a name has one owner: two stacks with one name would each publish a CNAME there, and take it from each other (RFC 2181 §10.1)",
)
def host_twice(parts: Sequence[Part]) -> Found:
    first: dict[str, tuple[int, Claim]] = {}
    told: set[tuple[int, str]] = set()
    for number, part in enumerate(parts):
        for claim in part.view.claims:
            name = claim.host.text
            owner, other = first.setdefault(name, (number, claim))
            if owner == number or (number, name) in told or _is_only_told_people(claim, other, part, parts[owner]):
                continue
            told.add((number, name))
            where = f"{other.path} ({parts[owner].view.declaration.place(other.path)})"
            fix = "keep it in one of the two declarations; `linkproof move` takes a link and what is deployed of it from one to the other"
            if claim.role == other.role == "owner host":
                fix = "put the links that share it into one of the two declarations (`linkproof move`): whoever has the record has its links"
            yield number, Fault(claim.path, f"{show_host(claim.host)} is the {other.role} of {where} already", fix)


def _is_only_told_people(claim: Claim, other: Claim, *parts: Part) -> bool:
    """A second record of a user's links, which people write by what either declaration says: both say the same."""
    if not claim.role == other.role == "owner host":
        return False
    zones = [part.view.declaration.find_zone(claim.host) for part in parts]
    return any(zone is not None and registry.dns(zone.dns).is_by_hand for zone in zones)


def _of_edge(provider: str, own: TogetherRule) -> Check:
    def check(parts: Sequence[Part]) -> Found:
        views = [edge_view(part.view, provider) for part in parts]
        yield from own.check(TogetherView(views, lambda number, path: parts[number].view.declaration.place(path)))

    return check


def _quota(provider: str, vendor: str, check: Callable[[EdgeView], Iterator[Fault]]) -> Check:
    def counted(parts: Sequence[Part]) -> Found:
        views = [edge_view(part.view, provider) for part in parts]
        groups: dict[tuple[str, bool], set[tuple[int, str]]] = defaultdict(set)
        for number, (part, view) in enumerate(zip(parts, views, strict=True)):
            for placed in view.links:
                same = account_identity(vendor, placed.edge.account, part.accounts)
                groups[same.key, same.is_certain].add((number, placed.edge.account))
        for (_, is_certain), members in groups.items():
            if len({number for number, _ in members}) < 2:
                continue
            mine = {
                number: _of_accounts(views[number], {name for n, name in members if n == number})
                for number, _ in members
            }
            if any(True for view in mine.values() for _ in check(view)):
                continue  # told of that declaration already
            label = min(members)[1]
            for fault in check(_joined(mine, label)):
                yield _shared(fault, mine, parts, is_certain=is_certain)

    return counted


def _of_accounts(view: EdgeView, accounts: set[str]) -> EdgeView:
    return replace(view, links=[placed for placed in view.links if placed.edge.account in accounts])


_MARK = "\N{SYMBOL FOR NULL}"


def _joined(views: dict[int, EdgeView], account: str) -> EdgeView:
    """One view of them all. Each edge's key and each origin gets its part's number: what two stacks make is made twice."""
    links = [
        replace(
            placed,
            edge=replace(placed.edge, key=f"{placed.edge.key}{_MARK}{number}", account=account),
            needs=replace(placed.needs, origin=f"{placed.needs.origin}{_MARK}{number}"),
        )
        for number, view in sorted(views.items())
        for placed in view.links
    ]
    return EdgeView(links, [], {})


def _shared(fault: Fault, views: dict[int, EdgeView], parts: Sequence[Part], *, is_certain: bool) -> tuple[int, Fault]:
    """The fault where its edge is written, with the places of the others."""
    path, _, number = fault.path.partition(_MARK)
    at = int(number) if number else min(views)
    edges = {other: view.links[0].edge.path for other, view in sorted(views.items()) if other != at and view.links}
    places = ", ".join(f"{where} ({parts[other].view.declaration.place(where)})" for other, where in edges.items())
    message = f"{fault.message}; counted together with {places}"
    severity: Severity = fault.severity
    if not is_certain:
        message, severity = f"{message}, if that is the same account", "warning"
    return at, Fault(path, message, fault.fix, severity)


def _add_plugin_rules() -> None:
    for edge in registry.edges():
        for own in edge.together.RULES if edge.together is not None else ():
            _rule(own.id, because=own.because)(_of_edge(edge.name, own))
        vendor = edge.facts.VENDOR
        for counting in edge.rules.RULES if edge.rules is not None and vendor is not None else ():
            if counting.per_account and counting.check is not None and vendor is not None:
                TOGETHER[counting.id] = _quota(edge.name, vendor, counting.check)


_add_plugin_rules()
