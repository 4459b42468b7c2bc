"""The functions that programs call: getCachePolicy, getOriginRequestPolicy."""

from __future__ import annotations

from collections.abc import Callable

from linkproof.providers.protocol.base import ProviderError
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.cloudfront.stand_in.policies import Policy


def policy_by_id_or_name(policy: Policy) -> Callable[[Properties], Properties]:
    """The result holds the policy's nested parts as lists of one, in the plural, as the real functions do."""

    def call(arguments: Properties) -> Properties:
        policy_id = arguments.get("id") or policy.find(str(arguments.get("name", "")))
        state = policy.read(str(policy_id), {}) if policy_id else None
        if state is None:
            raise ProviderError(
                f"no {policy.path} has {arguments}", "look at the names in the account, or create the policy"
            )
        plural = {
            f"{name}s" if isinstance(value, dict) else name: _as_lists(value) for name, value in state.inputs.items()
        }
        return {**plural, **state.computed, "id": state.id}

    return call


def _as_lists(value: object) -> object:
    """Each nested object as a list of one; `items` inside stay a list of names."""
    if not isinstance(value, dict):
        return value
    inner = {
        name: [{"items": item["items"]}] if isinstance(item, dict) and "items" in item else item
        for name, item in value.items()
    }
    inner = {
        f"{name}s" if name.endswith("Config") else name: _as_lists(item) if isinstance(item, dict) else item
        for name, item in inner.items()
    }
    return [inner]
