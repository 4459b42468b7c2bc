"""The parts that no result is of: each place that was to report them could not be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.shards.document import UncheckedDocument
from linkproof.shards.partition import Shard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkproof.shards.document import PartDocument

_MOST_NAMED = 20
_NO_RESULT = "no result came"


def missing(parts: Sequence[PartDocument], expected: Iterable[str]) -> list[UncheckedDocument]:
    """What could not be checked for want of a result, one for each place."""
    total = Shard.parse(parts[0].shard).total
    there: dict[str, set[int]] = {name: set() for name in expected}
    for part in parts:
        there.setdefault(part.vantage, set()).add(Shard.parse(part.shard).number)
    found = []
    for name, numbers in there.items():
        lacking = [str(Shard(number, total)) for number in range(1, total + 1) if number not in numbers]
        if lacking:
            found.append(
                UncheckedDocument(
                    id=f"vantage {name}", vantage=None, reason=_reason(name, lacking, total), seen_from=(name,)
                )
            )
    return found


def is_missing(item: UncheckedDocument) -> bool:
    """Whether it was said of an earlier merge: the next one knows better."""
    return item.vantage is None and item.id.startswith("vantage ") and item.reason.startswith(_NO_RESULT)


def _reason(name: str, lacking: Sequence[str], total: int) -> str:
    if len(lacking) == total:
        return f"{_NO_RESULT} from {name}: see why it did not report, and merge again with its result"
    named = ", ".join(lacking[:_MOST_NAMED]) + (
        f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
    )
    return f"{_NO_RESULT} of shard {named} from {name}: run it again, and merge with its result"
