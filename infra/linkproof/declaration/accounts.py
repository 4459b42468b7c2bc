"""Whether a stack's config has every account that its declaration names: what a preview would find out only half way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linkproof.declaration.model import DEFAULT_ACCOUNT, Declaration
from linkproof.declaration.problem import Problem
from linkproof.declaration.show import near_word, show


def unknown_accounts(declaration: Declaration, config: Mapping[str, object], config_file: str) -> Iterator[Problem]:
    """One problem for each zone and edge whose account the config lacks.

    Args:
        config: `config:` of the stack's file, as written.
        config_file: its name, for messages.
    """
    known = _names(config.get("linkproof:accounts"))
    if known is None:
        return
    named = [(zone.path, zone.account) for zone in declaration.zones.values() if zone.dns != "manual"]
    named += [(edge.path, edge.account) for edge in declaration.edges.values()]
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
