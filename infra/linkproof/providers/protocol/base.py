"""What every resource type has in common."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from linkproof.errors import LinkproofError
from linkproof.providers.protocol import schema
from linkproof.providers.protocol.schema import Change, Field
from linkproof.providers.protocol.values import Properties

Answer = TypeVar("Answer")


class ProviderError(LinkproofError):
    """The vendor's API refused, or the provider cannot do what it was asked for."""


class ApiError(ProviderError):
    """An error answer of a vendor's API.

    Args:
        status: of the HTTP answer.
        code: the vendor's own code (`CNAMEAlreadyExists`, `81053`).
        message: the vendor's own words.
    """

    def __init__(self, operation: str, status: int, code: str, message: str, fix: str = "") -> None:
        super().__init__(f"{operation}: HTTP {status}, {code}: {message}", fix)
        self.operation = operation
        self.status = status
        self.code = code
        self.message = message


class InitFailedError(ProviderError):
    """The object exists, but it did not become ready: the engine must record it (`ErrorResourceInitFailed`)."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason


@dataclass(frozen=True, slots=True)
class State:
    """What the vendor holds of one object.

    Args:
        inputs: all of it that a program can set, defaults included, in the words of the inputs.
        computed: what only the vendor can set.
    """

    id: str
    inputs: Properties
    computed: Properties = field(default_factory=dict)


class Patience:
    """How long one call may wait for the vendor, and whether the engine has called it off.

    Args:
        seconds: the time from now.
        cancelled: set once the engine has asked to stop.
    """

    def __init__(self, seconds: float, cancelled: threading.Event | None = None) -> None:
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._cancelled = cancelled or threading.Event()

    def left_seconds(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def sleep(self, seconds: float) -> None:
        """Wait, but not beyond the deadline.

        Raises:
            ProviderError: the engine has called the operation off.
        """
        if self._cancelled.wait(min(seconds, self.left_seconds())):
            raise ProviderError("the engine cancelled the operation while it waited")

    def until(self, what: str, probe: Callable[[], Answer | None]) -> Answer:
        """Ask again and again, at growing distances of at most 2 s, until the probe has an answer.

        Raises:
            ProviderError: the time is over, or the engine called the operation off.
        """
        pause_seconds = 0.1
        while True:
            answer = probe()
            if answer is not None:
                return answer
            if self.left_seconds() == 0:
                raise ProviderError(
                    f"{what} did not happen within {self.seconds:g} s",
                    "look at the vendor's side, then run the same command again",
                )
            self.sleep(pause_seconds)
            pause_seconds = min(2.0, pause_seconds * 1.5)


class ResourceType(ABC):
    """One type of resource: its schema, and the five things that the engine does with it.

    Attributes:
        token: the type token.
        schema: its inputs.
        computed: outputs that are unknown in a preview of a create, unless they are given as inputs.
        volatile: those of `computed` that any update may change.
        local: inputs that only the provider uses; the vendor does not hold them.
        secrets: what may be a secret, and is one where an import reads it.
        default_seconds: how long create, update and delete may take when the program does not say.
    """

    token: ClassVar[str]
    schema: ClassVar[Field]
    computed: ClassVar[tuple[str, ...]] = ()
    volatile: ClassVar[tuple[str, ...]] = ()
    local: ClassVar[tuple[str, ...]] = ()
    secrets: ClassVar[tuple[str, ...]] = ()
    named: ClassVar[bool] = False  # whether the name is made up when it is not given
    default_seconds: ClassVar[float] = 600

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """(property path, reason) for all that is wrong with the inputs."""
        yield from schema.problems(self.schema, inputs)

    def refused(self, old: Properties, new: Properties) -> Iterator[tuple[str, str]]:
        """(property path, reason) for each change that the vendor cannot make of what exists: a preview says it already."""
        del old, new
        yield from ()

    def normal(self, inputs: Properties) -> Properties:
        """The inputs in their one comparable form."""
        return schema.normal(self.schema, inputs) or {}

    def changes(self, old: Properties, new: Properties) -> Iterator[Change]:
        yield from schema.changes(self.schema, self.normal(old), self.normal(new))

    def inputs_as_read(self, held: Properties, old_inputs: Properties) -> Properties:
        """The inputs that would make what the vendor holds; a spelling that still means the same is kept."""
        now, before = self.normal(held), self.normal(old_inputs)
        inputs: Properties = {}
        for name, what in self.schema.fields.items():
            if name in old_inputs and (name in self.local or now.get(name) == before.get(name)):
                inputs[name] = old_inputs[name]
            elif now.get(name) is not None:
                inputs[name] = (
                    schema.pruned(what, held[name]) if schema.pruned(what, held[name]) is not None else held[name]
                )
            elif what.required and name in held:
                inputs[name] = held[name]
        return inputs

    @abstractmethod
    def create(self, inputs: Properties, patience: Patience) -> State:
        """Make the object.

        Raises:
            ApiError: it exists already, or the vendor refuses it.
            InitFailedError: it was made and did not become ready.
        """

    @abstractmethod
    def read(self, resource_id: str, outputs: Properties) -> State | None:
        """What the vendor holds, or None when it is gone. `outputs` is empty when the engine imports."""

    @abstractmethod
    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """Bring the object to the inputs; also finishes what a create could not. Raises as `create` does."""

    @abstractmethod
    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Remove the object; nothing to remove is success."""


@dataclass(frozen=True, slots=True)
class Package:
    """A provider after `Configure`: what it serves, ready to be asked.

    Args:
        invokes: functions by token, from arguments to result.
    """

    types: Mapping[str, ResourceType]
    invokes: Mapping[str, Callable[[Properties], Properties]]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider before `Configure`.

    Args:
        version: as in the folder's name; the engine warns when it is older than the program's SDK.
        secret_names: config inputs that must never be shown.
        check_config: (property, reason) for all that is wrong with the config.
        configure: from the config, and the event that is set when the engine cancels, to the package.
    """

    name: str
    version: str
    secret_names: tuple[str, ...]
    check_config: Callable[[Properties], Iterator[tuple[str, str]]]
    configure: Callable[[Properties, threading.Event], Package]


def by_token(*types: ResourceType) -> dict[str, ResourceType]:
    return {one.token: one for one in types}
