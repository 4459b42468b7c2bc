"""The registry of every verdict, by id, in the order of the layers."""

from __future__ import annotations

from linkproof.verify.rule import Rule
from linkproof.verify.rules_clock import CLOCK_RULES
from linkproof.verify.rules_delegation import DELEGATION_RULES
from linkproof.verify.rules_dns import DNS_RULES
from linkproof.verify.rules_dnssec import DNSSEC_RULES
from linkproof.verify.rules_edge import EDGE_RULES
from linkproof.verify.rules_transport import TRANSPORT_RULES

__all__ = ["RULES", "Rule"]

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (*DNS_RULES, *DELEGATION_RULES, *TRANSPORT_RULES, *DNSSEC_RULES, *EDGE_RULES, *CLOCK_RULES)
}
