"""The registry of rules: an id, a reason with its source, and for most a pure check. A plug-in's are among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from linkproof import registry
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, Rule, SenderRule, SenderView
from linkproof.declaration.problem import Problem
from linkproof.declaration.rules.view import View

Check = Callable[[View], Iterator[Fault]]

RULES: Final[dict[str, Rule[View]]] = {}


def rule(rule_id: str, *, because: str) -> Callable[[Check], Check]:
    """Register a check.

    Args:
        rule_id: stable; people write it into scripts and ask `linkproof explain` for it.
        because: the reason, with its source.
    """

    def register(check: Check) -> Check:
        _add(Rule(rule_id, because, check))
        return check

    return register


def reason(rule_id: str, *, because: str) -> None:
    """Register a rule that is applied elsewhere, so that it can be explained."""
    _add(Rule(rule_id, because))


def problems(each: Rule[View], view: View) -> Iterator[Problem]:
    """A rule's problems with one declaration."""
    if each.check is not None:
        for fault in each.check(view):
            place = view.declaration.place(fault.path)
            yield Problem(each.id, place, fault.path, fault.message, fault.fix, fault.severity)


def add_plugin_rules() -> None:
    """Each plug-in's own rules, which look at its own links alone."""
    for edge in registry.edges():
        for of_edge in edge.rules.RULES if edge.rules is not None else ():
            _add(Rule(of_edge.id, of_edge.because, _edge_check(edge.name, of_edge)))
    for sender in registry.senders():
        for of_sender in sender.rules.RULES if sender.rules is not None else ():
            _add(Rule(of_sender.id, of_sender.because, _sender_check(sender.name, of_sender)))


def edge_view(view: View, provider: str) -> EdgeView:
    """What one edge's rules see of a declaration."""
    declaration = view.declaration
    placed = [
        placed
        for link in declaration.links.values()
        for placed in view.placed(link)
        if placed.edge.provider == provider
    ]
    edges = [edge for edge in declaration.edges.values() if edge.provider == provider]
    claimed = {claim.host.text: claim.path for claim in reversed(view.claims)}
    return EdgeView(placed, edges, declaration.places, frozenset(declaration.zones), claimed)


def _edge_check(provider: str, own: EdgeRule) -> Check:
    def check(view: View) -> Iterator[Fault]:
        mine = edge_view(view, provider)
        if own.check is not None and (mine.links or mine.edges):
            yield from own.check(mine)

    return check


def _sender_check(provider: str, own: SenderRule) -> Check:
    def check(view: View) -> Iterator[Fault]:
        declaration = view.declaration
        links = [
            link
            for link in declaration.links.values()
            if link.sender.provider == provider and f"{link.path}.sender" not in view.unread
        ]
        entries = [sender for sender in declaration.senders.values() if sender.provider == provider]
        if own.check is not None and (links or entries):
            zones = frozenset(declaration.zones)
            yield from own.check(SenderView(links, zones, view.unread, declaration.place, entries))

    return check


def _add(new: Rule[View]) -> None:
    if new.id in RULES:
        message = f"rule {new.id} is registered twice"
        raise ValueError(message)
    RULES[new.id] = new
