"""How much of a page one part of it may take."""

from __future__ import annotations


class SizeBudget:
    """Octets for one part of a page. Once something does not fit, nothing further does: what was left out comes last.

    Args:
        octets: as UTF-8.
    """

    def __init__(self, octets: int) -> None:
        self._left = octets
        self.left_out = 0

    def fits(self, text: str) -> bool:
        """Whether the text fits; counted where it does not."""
        size = len(text.encode("utf-8", "surrogatepass"))
        if self.left_out or size > self._left:
            self.left_out += 1
            return False
        self._left -= size
        return True
