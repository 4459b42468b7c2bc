"""Rules of a declaration with Envoy as an edge: those of every server of one's own."""

from __future__ import annotations

from linkproof.contract.rules import EdgeRule
from linkproof.edges.envoy import facts
from linkproof.servers.rules import rules_of

RULES: list[EdgeRule] = rules_of(facts.PROGRAM, facts)
