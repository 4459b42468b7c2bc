"""What the state holds and this version cannot read: it may be a record or an edge in use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from linkproof import registry
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.engine.state import STACK_TYPE, record_types

# Instances of providers, and what is ours in any version: components, and what is kept beside the records.
_KNOWN_PACKAGES: Final = ("pulumi:providers:", "linkproof:")


@cache
def known_types() -> frozenset[str]:
    """Every engine type that a plug-in makes."""
    made = [plugin.state.TYPES for plugin in registry.makers() if plugin.state is not None]
    return frozenset({STACK_TYPE, *record_types()}).union(*made)


def judge_unknown(state: State) -> Iterator[Refusal]:
    """One refusal for each type that is not known, with the resources of it."""
    by_type: dict[str, list[str]] = {}
    for resource in (*state.resources, *state.leaving):
        if resource.type not in known_types() and not resource.type.startswith(_KNOWN_PACKAGES):
            by_type.setdefault(resource.type, []).append(resource.name)
    for type_, names in sorted(by_type.items()):
        some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        yield Refusal(
            "state.unknown-type",
            names[0],
            f"the state holds {some} of type {type_}, which this version does not know: what it does for a click cannot be told",
            "use the version of linkproof that deployed it; or let it go with `pulumi state delete`, if it is nobody's",
        )
