"""What resource types of our own providers have in common: refused changes, and calls whose outcome is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linkproof.errors import LinkproofError
from linkproof.json_api import JsonApiError
from linkproof.providers.protocol.base import InitFailedError, ProviderError, ResourceType, State
from linkproof.providers.protocol.values import Properties


class Kind(ResourceType):
    """Attributes:
    fixed: inputs that the API cannot change, each with the reason.
    """

    fixed: ClassVar[dict[str, str]] = {}

    def refused(self, old: Properties, new: Properties) -> Iterator[tuple[str, str]]:
        before, after = self.normal(old), self.normal(new)
        for name, reason in self.fixed.items():
            if before.get(name) != after.get(name):
                shown = [str(side.get(name, "nothing")) for side in (before, after)]
                yield name, f"cannot be changed from {shown[0]} to {shown[1]}: {reason}"

    def after_post(self, state: State, error: Exception) -> InitFailedError:
        """What is said once the object is there: the engine has to keep it, whatever came then."""
        reason = str(error) if isinstance(error, LinkproofError) else f"{type(error).__name__}: {error}"
        return InitFailedError(state, f"it was made, as {state.id}, and then: {reason}")


def was_refused(error: LinkproofError) -> bool:
    """Whether the vendor said no, so that nothing has changed; otherwise nobody knows."""
    return isinstance(error, JsonApiError) and 400 <= error.status < 500


def exists(what: str, token: str, name: str, id_: str, vendor: str) -> ProviderError:
    """An object with the same natural key: never taken without a word."""
    return ProviderError(
        f"{what} exists already, as {id_}",
        f"if this stack is to own it: `pulumi import {token} {name} {id_}` (`linkproof expectations` prints the whole line); else"
        f" remove it in {vendor}'s console",
    )
