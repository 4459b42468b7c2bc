"""Taking over Cloudflare's entry-point rulesets: one that has others' rules stays theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Finder
from linkproof.edges.cloudflare.items import RULESET

FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RULESET: {
        "rules": Meaning(
            "the whole entry point is replaced: rules of others in it are gone", "rulesets: external", can_be_kept=False
        ),
    }
}
_UNNOTICED = frozenset({"description", "name"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """A ruleset's name and description are for people."""
    del rtype, declared, live
    return path in _UNNOTICED


same = one_spelling
