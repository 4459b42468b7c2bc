"""What a deployment of a stack has for itself: its zones, and the accounts whose writes their vendor limits."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.declaration.model import Declaration
from linkproof.declaration.same_account import account_identity

Hold = tuple[str, ...]


def holds(declaration: Declaration, accounts: object) -> frozenset[Hold]:
    """Two stacks that hold nothing in common can be deployed at once.

    Args:
        accounts: `linkproof:accounts` of the stack's config; None where it is not known.
    """
    world = "lab" if declaration.lab else "world"
    found: set[Hold] = {
        ("zone", world, name) for name, zone in declaration.zones.items() if not registry.dns(zone.dns).is_by_hand
    }
    for vendor, account in _used(declaration):
        if registry.vendor(vendor).account.Options.limits_writes:
            found.add(("account", world, vendor, account_identity(vendor, account, accounts).key))
    return frozenset(found)


def _used(declaration: Declaration) -> Iterator[tuple[str, str]]:
    """Vendor and account of everything that is written by an API."""
    for zone in declaration.zones.values():
        if (vendor := registry.dns(zone.dns).facts.VENDOR) is not None:
            yield vendor, zone.account
    for edge in declaration.edges.values():
        if (vendor := registry.edge(edge.provider).facts.VENDOR) is not None:
            yield vendor, edge.account
    for sender in declaration.senders.values():
        if (vendor := registry.sender(sender.provider).facts.VENDOR) is not None and not sender.is_external:
            yield vendor, sender.account
    for host in declaration.tracking_hosts.values():
        vendor = registry.tracking(host.provider).facts.VENDOR
        for account in host.options.accounts() if vendor is not None else ():
            yield str(vendor), account
