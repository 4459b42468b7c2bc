"""The registry of every verdict, by id, in the order of the layers."""

from __future__ import annotations

from linkproof.verify.rules.clock import CLOCK_RULES
from linkproof.verify.rules.delegation import DELEGATION_RULES
from linkproof.verify.rules.dns import DNS_RULES
from linkproof.verify.rules.dnssec import DNSSEC_RULES
from linkproof.verify.rules.edge import EDGE_RULES
from linkproof.verify.rules.finding_rule import FindingRule
from linkproof.verify.rules.transport import TRANSPORT_RULES

RULES: dict[str, FindingRule] = {
    rule.id: rule
    for rule in (*DNS_RULES, *DELEGATION_RULES, *TRANSPORT_RULES, *DNSSEC_RULES, *EDGE_RULES, *CLOCK_RULES)
}
