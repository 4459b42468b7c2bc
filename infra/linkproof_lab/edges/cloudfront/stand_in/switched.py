"""What multi-tenant distributions, connection groups and tenants have in common: deployed after a while, disabled before they are deleted."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import ApiError, InitFailedError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.cloudfront.stand_in.client import CloudFront
from linkproof_lab.vendors.aws.stand_in import xml

# Someone else changed it in between, or the edges are not all told yet: look again.
_AGAIN = frozenset({"PreconditionFailed", "InvalidIfMatchVersion", "DistributionNotDisabled", "ResourceNotDisabled"})


class Switched(ResourceType):
    """One object of the API.

    Attributes:
        path: in the API.
        what: in messages.
    """

    path: ClassVar[str]
    what: ClassVar[str]
    local: ClassVar[tuple[str, ...]] = ("waitForDeployment",)
    default_seconds = 1800

    def __init__(self, cloudfront: CloudFront) -> None:
        self._cloudfront = cloudfront

    @abstractmethod
    def change(self, found: ET.Element, etag: str, inputs: Properties) -> tuple[ET.Element, str]:
        """Send an update of all that can change but the tags."""

    @abstractmethod
    def switch_off(self, found: ET.Element, etag: str) -> None:
        """Send the update that disables it."""

    @abstractmethod
    def is_enabled(self, found: ET.Element) -> bool: ...

    @abstractmethod
    def arn(self, found: ET.Element) -> str: ...

    @abstractmethod
    def held(self, found: ET.Element) -> Properties:
        """The inputs that would make it, without tags and what is local."""

    @abstractmethod
    def said(self, found: ET.Element) -> Properties:
        """What only the vendor sets, without `arn`, `etag`, `status` and `tagsAll`."""

    def all_tags(self, inputs: Properties) -> dict[str, str]:
        return {**self._cloudfront.aws.default_tags, **inputs.get("tags", {})}

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        found = self._cloudfront.get(f"{self.path}/{resource_id}")
        if found is None:
            return None
        return self.state(found[0], found[1], self._cloudfront.tags(self.arn(found[0])), outputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        found = self._cloudfront.get(f"{self.path}/{resource_id}")
        if found is None:
            raise ProviderError(
                f"{self.what} {resource_id} is gone", "run `pulumi refresh`, which removes it from the state"
            )
        changed, etag = self.change(found[0], found[1], inputs)
        tags, arn = self.all_tags(inputs), self.arn(changed)
        self._cloudfront.set_tags(arn, self._cloudfront.tags(arn), tags)
        return self.deployed(self.state(changed, etag, tags), inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        path = f"{self.path}/{resource_id}"

        def step() -> bool | None:
            """One step nearer to the end; True once there is nothing left to do."""
            found = self._cloudfront.get(path)
            if found is None:
                return True
            try:
                if self.is_enabled(found[0]):
                    self.switch_off(*found)
                elif xml.text(found[0], "Status") == "Deployed":
                    self._cloudfront.delete(path, found[1])
                    return True
            except ApiError as error:
                if error.code not in _AGAIN:
                    raise
            return None

        patience.until(f"deleting {self.what} {resource_id}", step)

    def deployed(self, state: State, inputs: Properties, patience: Patience) -> State:
        """Wait until all edges have it, unless the program does not want to."""
        if inputs.get("waitForDeployment") is False:
            return state

        def ready() -> State | None:
            now = self.read(state.id, state.computed)
            if now is None:
                raise ProviderError(f"{self.what} {state.id} was deleted while it was being deployed")
            return now if now.computed["status"] == "Deployed" else None

        try:
            return patience.until(f"deploying {self.what} {state.id}", ready)
        except ProviderError as error:
            raise InitFailedError(state, str(error)) from error

    def state(self, found: ET.Element, etag: str, tags: Properties, outputs: Properties | None = None) -> State:
        defaults = self._cloudfront.aws.default_tags
        kept = {name: outputs[name] for name in self.local if outputs and name in outputs}
        own = {key: value for key, value in tags.items() if defaults.get(key) != value}
        waits = {"waitForDeployment": True} if "waitForDeployment" in self.schema.fields else {}
        computed = {
            "arn": self.arn(found),
            "etag": etag,
            "status": xml.text(found, "Status"),
            "tagsAll": tags,
            **self.said(found),
        }
        return State(xml.text(found, "Id"), {**self.held(found), "tags": own, **waits, **kept}, computed)
