"""Roles: who may take one, and what it may do then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.policies import allows

KIND = "iam-role"
_ARN = re.compile(r"arn:aws:iam::([0-9]{12}):role/(?:[^/]+/)*([\w+=,.@-]+)")


def key_of(arn: str) -> str | None:
    """The store's key of a role; None for what is no role's ARN."""
    found = _ARN.fullmatch(arn)
    return f"{found[1]}/{found[2]}" if found else None


def taken(store: Store, arn: str, service: str, context: Mapping[str, str]) -> dict[str, Any] | None:
    """The role that a service takes; None where there is none, or its trust policy does not let the service.

    Args:
        context: what the service says of itself: for whom it acts.
    """
    key = key_of(arn)
    role = store.get(KIND, key) if key is not None else None
    if role is None or not allows(role["trust"], "sts:AssumeRole", service=service, context=context):
        return None
    return role


def may(role: Mapping[str, Any], action: str, resource: str) -> bool:
    return any(allows(document, action, resource=resource) for document in role["policies"].values())
