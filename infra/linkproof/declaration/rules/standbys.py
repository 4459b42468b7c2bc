"""Links with a second edge, which is kept ready beside the one that the click host leads to."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View


@rule(
    "link.standby",
    because="two edges stand side by side only where nothing of one is in the other's way, and only once the link has an edge at all",
)
def standby(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if link.standby is None:
            continue
        path = f"{link.path}.standby"
        edge, other = view.declaration.edge_of(link), view.declaration.standby_of(link)
        if link.edge is None:
            if f"{link.path}.edge" not in view.unread:
                yield Fault(path, "the link has no edge that it could stand by for", "write it as `edge`")
        elif link.standby == link.edge:
            yield Fault(
                path, f"{link.standby} is the link's edge already", "name an edge of another provider, or remove it"
            )
        elif edge is not None and other is not None and edge.provider == other.provider:
            name = registry.edge(edge.provider).facts.NAME
            message = f"{edge.key} and {other.key} are both {name}, where a host is one object's at a time"
            yield Fault(path, message, "name an edge of another provider")
        elif link.phase == "branded":
            fix = "remove it until the link is `ready`; its edge can be changed freely until then"
            yield Fault(path, "in phase branded the link has no edge yet", fix)
        if link.is_alias:
            yield Fault(
                path, "an alias record leads to one edge alone", "remove `record: alias`, and deploy that first"
            )
