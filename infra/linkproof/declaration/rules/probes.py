"""Rules about what the verifier may ask of a link beyond its safe request: files for apps, and canaries."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.canaries import MOST_CANARIES, destination, fault_of_destination, fault_of_url
from linkproof.contract.declared import Link
from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View


@rule("link.universal-links", because="an entry that asks for no file would look as if one had been proved")
def universal_links(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        declared = link.universal_links
        path = f"{link.path}.universal_links"
        if declared is None or view.has_unread(path):
            continue
        if declared.apple is None and declared.android is None:
            fix = "add `apple: [<team id>.<bundle id>]`, `android: [<package>]` or both; `[]` is for whatever app"
            yield Fault(path, "neither apple nor android is declared, so no file would be asked for", fix)
        elif not _has_edge_of_its_own(link, view):
            message = "the link has no edge of its own, so these files are not asked for"
            yield Fault(path, message, "give the link its edge; only an edge can serve them", "warning")


@rule(
    "link.canaries",
    because="only real links of this click host with different destinations show a lost query or a shared cache",
)
def canaries(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        if not link.canaries or view.has_unread(f"{link.path}.canaries"):
            continue
        path = f"{link.path}.canaries"
        number = len(link.canaries)
        if number < 2:
            yield Fault(path, "one link alone cannot tell a kept query from a lost one", "add a second real link")
        elif number > MOST_CANARIES:
            fix = "keep two, of which each leads elsewhere"
            yield Fault(path, f"{number} links would be clicked in every run, at most {MOST_CANARIES}", fix)
        elif not _has_edge_of_its_own(link, view):
            message = "the link has no edge of its own, which could lose a part of a link, so these are not followed"
            yield Fault(path, message, "keep them for when it has", "warning")
        yield from _each(link)


def _has_edge_of_its_own(link: Link, view: View) -> bool:
    """Whether anything but the sender ever answers the click host."""
    edge = view.declaration.edge_of(link)
    return link.edge is not None and (edge is None or "live" in registry.edge(edge.provider).facts.PHASES)


def _each(link: Link) -> Iterator[Fault]:
    """Messages never repeat a URL: whoever has it is its recipient."""
    urls: dict[str, int] = {}
    destinations: dict[str, int] = {}
    for number, canary in enumerate(link.canaries):
        path = f"{link.path}.canaries.{number}"
        fault, host = fault_of_url(canary.url, link.click_host.text), link.click_host.text
        if fault:
            yield Fault(
                f"{path}.url", f"the URL {fault}", f"copy a link from a mail: http://{host}/… or https://{host}/…"
            )
        elif urls.setdefault(canary.url, number) != number:
            yield Fault(f"{path}.url", f"the URL is that of canary {urls[canary.url] + 1}", "use two different links")
        fault = fault_of_destination(canary.leads_to)
        if fault:
            yield Fault(
                f"{path}.leads_to", f"the destination {fault}", "write what Location says, as https://www.example.com/a"
            )
            continue
        first = destinations.setdefault(destination(canary.leads_to), number)
        if first != number:
            message = f"the destination is that of canary {first + 1}, but for its query at most"
            yield Fault(f"{path}.leads_to", message, "use links that lead to different pages")
