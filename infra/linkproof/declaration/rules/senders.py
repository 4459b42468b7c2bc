"""Rules about the entries under `senders:`, whoever the sender is."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View


@rule(
    "sender.managed-external",
    because="what is made at a sender is made with the account's own credentials, which an account that somebody else runs does not give",
)
def managed_external(view: View) -> Iterator[Fault]:
    for sender in view.declaration.senders.values():
        if sender.is_managed and sender.is_external:
            fix = "remove `manage`; or name the account's credentials in `account`"
            yield Fault(f"{sender.path}.manage", "`manage` in an account that somebody else runs", fix)
