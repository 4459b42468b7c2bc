"""Values that are known only after deployment."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Late:
    """One output of one item.

    Args:
        item: the `resource` of the item that will have it.
        output: which of its outputs.
        what: the same in words, for people: `the domain of distribution`.
    """

    item: str
    output: str
    what: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"<{self.what or f'the {self.output} of'} {self.item}>"


Value = str | Late
