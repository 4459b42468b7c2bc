"""Taking over what exists at a vendor: `adopt.py` of a plug-in. Absent where `find.py` says all, and every difference counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from linkproof.contract.find import Finder


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a differing property means.

    Args:
        effect: what the declared value, once deployed, does to clicks.
        line: to write into the declaration so that it says what is there; `{live}` stands for the value. Empty where no key has it.
        can_be_kept: it can stay as it was found; not so where a link steps by changing it, or where the verifier proves it.
    """

    effect: str
    line: str = ""
    can_be_kept: bool = True


class PluginAdopt(Protocol):
    """`adopt.py`: by engine type.

    Attributes:
        FINDERS: by natural key alone, where the finder of `find.py` asks for this stack's mark.
        IN_THE_WAY: what is no such object, and beside which the vendor would refuse to create one; each says in its `doubt` the way out.
        MEANINGS: by property path, as the engine writes it without indices; a path stands for all below it.
    """

    FINDERS: Mapping[str, Finder]
    IN_THE_WAY: Mapping[str, Finder]
    MEANINGS: Mapping[str, Mapping[str, Meaning]]

    def unnoticed(self, rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
        """Whether no click can tell the two apart in this property: it is then left as it was found.

        Args:
            declared: the whole inputs as the program gives them.
            live: as the provider has read them.
        """

    def same(self, rtype: str, path: str, declared: Any, live: Any) -> bool:
        """Whether two values of a property mean the same, differently spelled: the found spelling is then used."""


def one_spelling(rtype: str, path: str, declared: Any, live: Any) -> bool:
    """`same` of a vendor whose API gives each value in one spelling: what differs there means something else."""
    del rtype, path, declared, live
    return False
