"""The run as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkproof.conformance.run.found import Conformance


def document(run: Conformance) -> dict[str, Any]:
    """`verdict` is that of the exit code: differs where a must is broken, not-proven where one was not asked."""
    return {
        "version": 1,
        "host": run.host,
        "mode": run.mode,
        "verdict": run.verdict,
        "requirements": [
            {
                "id": one.requirement.id,
                "strength": one.requirement.strength,
                "verdict": one.verdict,
                "harm": one.requirement.harm,
                "says": one.requirement.says,
                "because": one.requirement.because,
                "faults": [asdict(fault) for fault in one.faults],
                "notes": list(one.notes),
                **({"why": one.why} if one.why else {}),
            }
            for one in run.outcomes
        ],
    }
