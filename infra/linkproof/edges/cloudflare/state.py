"""What the engine's state says of hosts behind Cloudflare's proxy: those that the stack's rulesets name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.edges.cloudflare.items import RULESET, Ruleset, quoted_hosts

TYPES = frozenset({RULESET})


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each host that a ruleset names."""
    for host in sorted(
        quoted_hosts(
            str(rule.get("expression"))
            for resource in state.of_types(RULESET)
            for rule in resource.inputs.get("rules") or ()
        )
    ):
        yield EdgeSeen(host, is_proxied=True)


def planned(items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((host, None) for item in items if isinstance(item, Ruleset) for host in item.hosts)


def leads_here(name: str) -> bool:
    """A proxied record keeps the sender's name: that it is proxied says that it leads here."""
    del name
    return False


def late(late: Late, state: State) -> str | None:
    """Nothing of a ruleset is late-bound."""
    del late, state
    return None
