"""Whether a deployment that changes no resource would still change what the stack exports.

A preview in JSON says nothing of outputs (seen with engine 3.276.0), and `secured` changes nothing else.
"""

from __future__ import annotations

import json
from typing import Any

from linkproof.contract.state import State
from linkproof.expectations.join import late_value
from linkproof.outputs import outputs
from linkproof.plan.model import Plan


def outputs_change(plan: Plan, state: State) -> bool:
    """Whether what the program would export is not what the last deployment exported."""
    would_be = outputs(plan, lambda late: late_value(late, state))
    return bool(_plain(would_be) != _plain(state.outputs))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
