"""What differs at a vendor without being drift: `drift.py` of a plug-in; and `twins.py` of a DNS host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


def anything(held: Any, read: Any) -> bool:
    """Of a value that the vendor changes by itself: whatever it is, nobody drifted."""
    del held, read
    return True


@dataclass(frozen=True, slots=True)
class Noise:
    """A difference that is none.

    Args:
        path: of the property, without indices, as the engine writes it; below `outputs.` one that is no input.
        because: why it says nothing.
        same: whether two values of it, the state's and the read one, mean the same.
    """

    path: str
    because: str
    same: Callable[[Any, Any], bool] = anything


class PluginDrift(Protocol):
    """`drift.py`. Absent where every difference counts.

    Attributes:
        NOISE: by engine type.
    """

    NOISE: Mapping[str, Sequence[Noise]]


class DnsTwins(Protocol):
    """`twins.py` of a DNS host: reads, and never writes. Absent where no second zone of one name can be made."""

    def zones_named(self, client: Any, name: str) -> Iterator[str]:
        """The id of every public zone of that name in the account.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
