"""Whether a stack's config has every account that its declaration names: what a preview would find out only half way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linkproof import registry
from linkproof.contract.declared import DEFAULT_ACCOUNT
from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem
from linkproof.show import near_word, show


def unknown_accounts(declaration: Declaration, config: Mapping[str, object], config_file: str) -> Iterator[Problem]:
    """One problem for each zone, edge, sender and certificate whose account the config lacks.

    Args:
        config: `config:` of the stack's file, as written.
        config_file: its name, for messages.
    """
    known = _names(config.get("linkproof:accounts"))
    if known is None:
        return
    named = [(zone.path, zone.account) for zone in declaration.zones.values() if not registry.dns(zone.dns).is_by_hand]
    named += [(edge.path, edge.account) for edge in declaration.edges.values()]
    named += [(sender.path, sender.account) for sender in declaration.senders.values() if not sender.is_external]
    named += [
        (f"{host.path}.certificate", account)
        for host in declaration.tracking_hosts.values()
        for account in host.options.accounts()
    ]
    for parent, account in named:
        if account in known or account == DEFAULT_ACCOUNT:
            continue
        path = f"{parent}.account"
        has = ", ".join(sorted(known)) or "none"
        near = near_word(account, known)
        fix = f"did you mean {show(near)}?" if near else f"add `{account}: {{…}}` under linkproof:accounts there"
        message = f"account {show(account)} is not under linkproof:accounts in {config_file}, which has: {has}"
        yield Problem("accounts.unknown", declaration.place(path), path, message, fix)


def _names(accounts: object) -> set[str] | None:
    """The accounts' names; None where they cannot be read from here: the whole of them is encrypted, or text."""
    if accounts is None:
        return set()
    if not isinstance(accounts, Mapping) or set(accounts) == {"secure"}:
        return None
    return {str(name) for name in accounts}
