"""The verdict about this machine's own clock."""

from __future__ import annotations

from linkproof.verify.rules.finding_rule import FindingRule

CLOCK_RULES = (
    FindingRule("clock.off", "warning", "this machine's clock is wrong by all appearances, so no verdict about dates means anything", "the Date headers of most edges differ from our clock by an hour or more, or most certificates and signatures are out of their time in the same direction and no Date header agrees with our clock",
         "set this machine's clock (NTP), then verify again", "RFC 9110 §6.6.1"),
)  # fmt: skip
