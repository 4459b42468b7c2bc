"""What a policy lets a service of AWS do: statements, principals, patterns and the conditions that guides of AWS write.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. An operator that is not known here is never met.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Whether the wanted text is a pattern.
_OPERATORS = {"StringEquals": False, "StringLike": True, "ArnEquals": True, "ArnLike": True}


def is_policy(text: str) -> bool:
    """Whether a document can be read as a policy at all."""
    try:
        document = json.loads(text)
    except ValueError:
        return False
    return isinstance(document, dict) and bool(document.get("Statement"))


def allows(
    document: str, action: str, *, service: str = "", resource: str = "", context: Mapping[str, str] | None = None
) -> bool:
    """Whether some statement allows it and none denies it.

    Args:
        service: who asks, where the policy names principals; empty for a policy of a role.
        resource: what is asked for; empty in a trust policy.
        context: values of condition keys; their names in any case.
    """
    known = {name.lower(): value for name, value in (context or {}).items()}
    statements = json.loads(document)["Statement"]
    met = [
        one["Effect"]
        for one in (statements if isinstance(statements, list) else [statements])
        if _names(one.get("Principal"), service)
        and any(_is_like(action, wanted, fold=True) for wanted in _list(one.get("Action")))
        and (not resource or any(_is_like(resource, wanted) for wanted in _list(one.get("Resource"))))
        and _is_met(one.get("Condition") or {}, known)
    ]
    return "Allow" in met and "Deny" not in met


def _names(principal: Any, service: str) -> bool:
    if not service or principal == "*":
        return True
    return isinstance(principal, dict) and service in _list(principal.get("Service"))


def _is_met(condition: Mapping[str, Any], known: Mapping[str, str]) -> bool:
    for operator, wanted in condition.items():
        if operator not in _OPERATORS:
            return False
        for name, values in wanted.items():
            held = known.get(name.lower())
            if held is None or not any(
                _is_like(held, value) if _OPERATORS[operator] else held == value for value in _list(values)
            ):
                return False
    return True


def _is_like(text: str, pattern: str, *, fold: bool = False) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.IGNORECASE if fold else 0) is not None


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [str(value)]
