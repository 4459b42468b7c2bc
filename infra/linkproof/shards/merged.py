"""Several results of one set of expectations as one: by shard, by vantage, in any order, and any of them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.shards import joining
from linkproof.shards.document import (
    CoverageDocument,
    InvalidResultError,
    NotAskedDocument,
    ResultDocument,
    UncheckedDocument,
    parse,
    to_json,
)
from linkproof.shards.identity import digest_of, vantage_name
from linkproof.shards.missing import is_missing, missing
from linkproof.shards.partition import Shard
from linkproof.verify.seen import MOST_LEFT_IDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkproof.expectations.model import Expectations
    from linkproof.shards.document import AskedDocument, PartDocument, Word

# The worst first, as a run's own.
_WORST: tuple[Word, ...] = ("differs", "not-proven", "lagging", "proven")


def merge(
    results: Iterable[Mapping[str, Any] | ResultDocument],
    expectations: Expectations | None = None,
    *,
    vantages: Iterable[str] = (),
    places: Sequence[str] = (),
) -> dict[str, Any]:
    """One result of several.

    Merging is associative and commutative, and a result that is merged twice counts once. What is missing is *could not check*: a shard
    that no result is of, and a vantage that was to report.

    Args:
        results: in the form of `verify --json`, made by runs of one version on the same expectations.
        expectations: that they must be of; None takes them as they come.
        vantages: names of the places that report.
        places: where each result is from, for messages.

    Returns:
        the merged result in the same form.

    Raises:
        InvalidResultError: a result breaks the schema, is of other expectations or another number of shards, or two contradict each other.
        InvalidVantageNameError: a name is none.
    """
    read: list[tuple[str, ResultDocument]] = []
    for number, result in enumerate(results):
        place = places[number] if number < len(places) else f"result {number + 1}"
        document = result if isinstance(result, ResultDocument) else parse(result, place)
        read.append((place, _named(document, place)))
    if not read:
        raise InvalidResultError("merge", "no result was given", "name the files of `linkproof verify … --json`")
    parts = _parts(read, digest_of(expectations) if expectations is not None else None)
    documents = [document for _, document in read]
    expected = {name for document in documents for name in document.expected_vantages} | {*map(vantage_name, vantages)}
    found = joining.findings(item for document in documents for item in document.findings)
    lagging = joining.lagging(item for document in documents for item in document.lagging)
    unchecked = [item for document in documents for item in document.could_not_check if not is_missing(item)]
    could_not = joining.unchecked([*unchecked, *missing(parts, expected)])
    asked = _asked(read)
    coverage = _coverage(parts)
    merged = ResultDocument(
        version=1,
        verdict=_verdict(parts, found, lagging, could_not, coverage),
        findings=found,
        lagging=lagging,
        could_not_check=could_not,
        unprobed=joining.unprobed(item for document in documents for item in document.unprobed),
        coverage=coverage,
        certificates=joining.certificates(item for document in documents for item in document.certificates),
        timing=_timing(parts),
        limits=joining.limits(item for document in documents for item in document.limits),
        parts=parts,
        expected_vantages=tuple(sorted(expected)),
        asked=asked,
        not_asked=_not_asked(documents, asked),
    )
    return to_json(merged)


def _named(document: ResultDocument, place: str) -> ResultDocument:
    """Everything with the name of who saw it: a run's own result leaves out what is the same everywhere in it."""
    names = tuple(sorted({part.vantage for part in document.parts}))
    if not names:
        reason = "does not say which shard it is of and from where it was asked"
        raise InvalidResultError(place, reason, "verify again with this version: its results say it")
    lists: dict[str, Any] = {}
    for key in ("findings", "lagging", "could_not_check", "certificates"):
        items = getattr(document, key)
        lists[key] = tuple(item if item.seen_from else item.model_copy(update={"seen_from": names}) for item in items)
    return document.model_copy(update=lists)


def _parts(read: Sequence[tuple[str, ResultDocument]], wanted: str | None) -> tuple[PartDocument, ...]:
    """All of them, each once.

    Raises:
        InvalidResultError: they are of different expectations or numbers of shards, or of one part there are two results.
    """
    found: dict[tuple[str, Shard], tuple[str, PartDocument]] = {}
    first_place, first = read[0][0], read[0][1].parts[0]
    digest, total = wanted or first.expectations, Shard.parse(first.shard).total
    others = "those that were given" if wanted else f"those of {first_place}"
    for place, document in read:
        for part in document.parts:
            shard = Shard.parse(part.shard)
            if part.expectations != digest:
                reason = f"shard {part.shard} from {part.vantage} is of other expectations than {others}"
                fix = "verify every shard by one expectations.json, and give `--expectations` the same"
                raise InvalidResultError(place, reason, fix)
            if shard.total != total:
                reason = f"shard {part.shard} from {part.vantage} beside shard {first.shard} of {first_place}"
                raise InvalidResultError(place, reason, "divide by one number at every vantage")
            before_place, before = found.setdefault((part.vantage, shard), (place, part))
            if before != part:
                reason = f"another result of shard {part.shard} from {part.vantage} than {before_place} has"
                fix = f"leave one out (of {before.at:%H:%M:%S} and {part.at:%H:%M:%S} UTC), or name each place with `--vantage`"
                raise InvalidResultError(place, reason, fix)
    return tuple(part for _, (_, part) in sorted(found.items()))


def _asked(read: Sequence[tuple[str, ResultDocument]]) -> tuple[AskedDocument, ...]:
    digest: dict[str, str] = {}
    for place, document in read:
        for item in document.asked:
            if digest.setdefault(item.id, item.digest) != item.digest:
                reason = f"{item.id} is another expectation than in the result before"
                raise InvalidResultError(place, reason, "verify every shard by one expectations.json")
    return joining.asked(item for _, document in read for item in document.asked)


def _verdict(
    parts: Sequence[PartDocument],
    found: Sequence[Any],
    lagging: Sequence[Any],
    could_not: Sequence[UncheckedDocument],
    coverage: CoverageDocument,
) -> Word:
    """The worst of all parts; a part's own word for it is never better than what it lists."""
    words = {part.verdict for part in parts}
    if any(item.severity == "error" for item in found):
        words.add("differs")
    if could_not or not coverage.checked:
        words.add("not-proven")
    if lagging:
        words.add("lagging")
    return min(words, key=_WORST.index)


def _coverage(parts: Sequence[PartDocument]) -> CoverageDocument:
    return CoverageDocument(
        cells=sum(part.coverage.cells for part in parts),
        checked=sum(part.coverage.checked for part in parts),
        could_not_check=sum(part.coverage.could_not_check for part in parts),
    )


def _timing(parts: Sequence[PartDocument]) -> dict[str, float]:
    """The parts run beside each other: the longest counts; questions add up."""
    values: dict[str, list[float]] = {}
    for part in parts:
        for name, value in part.timing.items():
            values.setdefault(name, []).append(value)
    return {
        name: max(values[name]) if name.endswith("_seconds") or name == "rounds" else sum(values[name])
        for name in sorted(values)
    }


def _not_asked(documents: Sequence[ResultDocument], asked: Sequence[AskedDocument]) -> NotAskedDocument | None:
    left = [document.not_asked for document in documents if document.not_asked is not None]
    if not left:
        return None
    states = [state for item in asked for state in item.seen.values()]
    ids = [item.id for item in asked if "not-asked" in item.seen.values()]
    return NotAskedDocument(
        count=states.count("not-asked"),
        of=len(states),
        ids=tuple(ids[:MOST_LEFT_IDS]),
        run=max(item.run for item in left),
    )
