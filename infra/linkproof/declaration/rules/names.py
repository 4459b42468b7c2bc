"""Rules about names: each in its zone, each with one meaning."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View
from linkproof.show import did_you_mean, show_host


@rule("names.outside-zones", because="a record can only be published, and proved, in a zone whose servers are known")
def outside_zones(view: View) -> Iterator[Fault]:
    for claim in view.claims:
        if view.declaration.find_zone(claim.host) is None and not view.may_be_in_an_unread_zone(claim.host):
            near = did_you_mean(".".join(claim.host.labels[1:]), view.declaration.zones)
            yield Fault(
                claim.path,
                f"{show_host(claim.host)} is in no declared zone",
                f"declare its zone under `zones:`, or correct the name ({near})",
            )


@rule("dns.cname-at-apex", because="RFC 1034 §3.6.2: a CNAME excludes all other records, and an apex has SOA and NS")
def cname_at_apex(view: View) -> Iterator[Fault]:
    for claim in view.claims:
        if claim.host.text in view.declaration.zones:
            yield Fault(
                claim.path,
                f"{show_host(claim.host)} is the apex of its zone; the {claim.role} is a CNAME, which cannot stand there",
                f"give it a name below the zone, for example link.{claim.host}",
            )


@rule(
    "dns.click-host-twice",
    because="a name has one owner: two links on one click host would publish two CNAMEs (RFC 2181 §10.1)",
)
def click_host_twice(view: View) -> Iterator[Fault]:
    for claims in view.by_name.values():
        clicks = [claim for claim in claims if claim.role == "click host"]
        for claim in clicks[1:]:
            first = view.declaration.place(clicks[0].path)
            fix = "give each link a click host of its own, or remove one link"
            links = [
                view.declaration.links[one.path.removeprefix("links.").rpartition(".")[0]] for one in (clicks[0], claim)
            ]
            if links[0].sender.provider != links[1].sender.provider:
                fix = (
                    "one host cannot serve two senders, for its one CNAME leads to one of them: give the new sender's link a click host"
                    f" of its own, and say `successor: {{link: {links[1].key}, until: DATE}}` in {links[0].path} (docs/moving.md)"
                )
            yield Fault(
                claim.path,
                f"{show_host(claim.host)} is already the click host of {clicks[0].path.rpartition('.')[0]} ({first})",
                fix,
            )


@rule(
    "dns.cname-beside-another", because="RFC 1034 §3.6.2: where a CNAME is, nothing else can be, so a name has one role"
)
def cname_beside_another(view: View) -> Iterator[Fault]:
    for claims in view.by_name.values():
        first = claims[0]
        for claim in claims[1:]:
            # Two click hosts are the rule above; one owner host under several links is how SendGrid works.
            if claim.role == first.role and claim.role != "tracking host":
                continue
            yield Fault(
                claim.path,
                f"{show_host(claim.host)} is already declared as the {first.role} at {first.path} "
                f"({view.declaration.place(first.path)})",
                "give each of them a name of its own",
            )


@rule("dns.cname-loop", because="RFC 1034 §3.6.2: a CNAME chain that returns to its start never resolves")
def cname_loop(view: View) -> Iterator[Fault]:
    targets = _targets(view)
    paths = {claim.host.text: claim.path for claim in reversed(view.claims)}
    for start in targets:
        chain = [start]
        while (following := targets.get(chain[-1])) is not None and following not in chain:
            chain.append(following)
        # Reported once, at the alphabetically first name of the ring.
        if following == start and start == min(chain):
            shown = " → ".join([*chain, start])
            yield Fault(paths[start], f"the CNAMEs form a loop: {shown}", "use a name outside the vendor's own")


@rule(
    "names.double-suffix", because="DNS panels append the zone to what is typed, and the doubled name gets copied back"
)
def double_suffix(view: View) -> Iterator[Fault]:
    for claim in view.claims:
        zone = view.declaration.find_zone(claim.host)
        if zone and claim.host.text.endswith(f"{zone.name}.{zone.name}"):
            once = claim.host.text.removesuffix(f".{zone.name}")
            yield Fault(claim.path, f"{show_host(claim.host)} ends with its zone twice", f"write {once}")


def _targets(view: View) -> dict[str, str]:
    """Where each declared name points, as far as that is known before a deployment."""
    targets: dict[str, str] = {}
    for link in view.declaration.links.values():
        target = registry.sender(link.sender.provider).plan.target(link.sender)
        if link.owner_host is not None:
            targets[link.owner_host.text] = target
        if link.phase not in PHASES_AT_EDGE:
            targets[link.click_host.text] = target
    for host in view.declaration.tracking_hosts.values():
        targets[host.host.text] = registry.tracking(host.provider).plan.TARGET
    return targets
