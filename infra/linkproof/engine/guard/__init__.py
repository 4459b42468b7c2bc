"""The gate before every deployment: which steps are allowed, and which would lose clicks."""

from linkproof.contract.guard import Refusal
from linkproof.engine.guard.arrivals import Proof, arrivals, judge_arrivals
from linkproof.engine.guard.judge import judge, judge_at_vendors, steps
from linkproof.engine.guard.rules import RULES
from linkproof.engine.guard.step import Step

__all__ = ["RULES", "Proof", "Refusal", "Step", "arrivals", "judge", "judge_arrivals", "judge_at_vendors", "steps"]
