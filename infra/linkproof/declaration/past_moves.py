"""What two declarations move that is in use, without a phase step: zones, rules, the sender's account."""

from __future__ import annotations

from linkproof import registry
from linkproof.contract.declared import Link, Zone
from linkproof.contract.rules import Severity
from linkproof.declaration.endpoints import own_endpoint
from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem
from linkproof.names import HostName
from linkproof.show import show_host

NEW_HOST = (
    "leave this link as it is, for mail already sent, and declare another click host with `edge: managed` for new mail; a link that"
    " no mail has can be retired (`linkproof retire`), removed at the sender, and made anew"
)
KEEP_OWN_HTTPS = (
    "write `own_https` beside the new edge (`{}` where `manage` makes the link): until it is live the click host stays where the"
    " sender terminates HTTPS"
)


def zone_moves(base: Declaration, head: Declaration) -> list[Problem]:
    """Zones whose records would be deleted where they are and made elsewhere.

    Two files cannot tell whether the state has let go of them, which is the way to hand a zone over: to `manual` it is a
    warning, and the guard knows.
    """
    moving: dict[tuple[str, str], tuple[Zone, list[HostName]]] = {}
    for host in sorted(_hosts(base) & _hosts(head)):
        old, new = base.find_zone(host), head.find_zone(host)
        if old is None or new is None or registry.dns(old.dns).is_by_hand or _serves(old) == _serves(new):
            continue
        change = ", ".join(
            f"{name} {before or 'none'} → {after or 'none'}"
            for name, before, after in zip(("dns", "id", "account"), _serves(old), _serves(new), strict=True)
            if before != after
        )
        moving.setdefault((old.name.text, change), (new, []))[1].append(host)
    problems = []
    for (name, change), (zone, hosts) in moving.items():
        some = ", ".join(show_host(host) for host in hosts[:3]) + (" …" if len(hosts) > 3 else "")
        message = f"the records of {some} would be deleted where they are ({change})"
        fix = (
            f"let go of them as they are with `linkproof retire {name} --keep`, and deploy the zone with `dns: manual`;"
            " once its records are at the new place, and the delegation too, declare that"
        )
        severity: Severity = "warning" if registry.dns(zone.dns).is_by_hand else "error"
        problems.append(Problem("past.zone-moves", head.place(zone.path), zone.path, message, fix, severity))
    return problems


def _hosts(declaration: Declaration) -> set[HostName]:
    links = declaration.links.values()
    return {
        *(link.click_host for link in links),
        *(link.owner_host for link in links if link.owner_host is not None),
        *(host.host for host in declaration.tracking_hosts.values()),
    }


def _serves(zone: Zone) -> tuple[str, str | None, str]:
    return zone.dns, zone.id, zone.account


def ruleset_moves(old: Link, new: Link, base: Declaration, head: Declaration) -> list[Problem]:
    """Rules of a link in use that somebody else is to own."""
    before, after = base.edge_of(old), head.edge_of(new)
    if before is None or after is None or old.phase not in {"live", "secured"}:
        return []
    said = [getattr(edge.options, "rulesets", None) for edge in (before, after)]
    if said != ["ours", "external"]:
        return []
    path = f"{after.path}.rulesets"
    message = f"the rules of {show_host(new.click_host)}, which is {old.phase}, would be deleted with their ruleset"
    fix = (
        "go back to ready with `rulesets: ours`; say `external` there, put the rules into the zone, then forwards again"
    )
    return [Problem("past.rulesets", head.place(path), path, message, fix)]


def own_https_turns(old: Link, new: Link, head: Declaration) -> list[Problem]:
    """A link that takes the sender's own HTTPS up, or gives it up: where the sender can do that at all, in phase branded."""
    if old.has_own_https == new.has_own_https or old.sender.provider != new.sender.provider:
        return []
    own = registry.sender(new.sender.provider).plan.edge_needs(new.sender).own_edge
    if own is None or (not own.fixed_because and old.phase == new.phase == "branded"):
        return []
    path = f"{new.path}.own_https" if new.own_https is not None else f"{new.path}.edge"
    how = "takes up" if new.has_own_https else "gives up"
    message = f"{show_host(new.click_host)} {how} the sender's own HTTPS"
    fix = "do it in phase branded, and in a deployment of its own"
    if own.fixed_because:
        message += f", and {own.fixed_because}"
        fix = NEW_HOST if new.has_own_https else KEEP_OWN_HTTPS
    return [Problem("past.own-https", head.place(path), path, message, fix)]


def account_moves(old: Link, new: Link, head: Declaration) -> list[Problem]:
    """The sender's account and brand: they change only at the sender, before the brand is validated."""
    if old.phase == new.phase == "branded":
        return []
    problems = []
    for name, before, after in (
        ("sender", old.sender.provider, new.sender.provider),
        ("region", old.sender.region, new.sender.region),
        ("target", own_endpoint(old.sender), own_endpoint(new.sender)),
        ("owner_host", old.owner_host, new.owner_host),
    ):
        if not before or before == after:
            continue
        path = f"{new.sender.path if name in ('region', 'target') else new.path}.{name}"
        message = f"the {name} of {show_host(new.click_host)} changes from {before} to {after or 'none'} while it is {old.phase}"
        fix = "go back to branded as it was; change it there, deploy, validate the brand, then forwards again"
        problems.append(Problem("past.account", head.place(path), path, message, fix))
    return problems
