"""A result of `verify --json` that was written elsewhere: read, bounded and checked before anything is made of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from linkproof.errors import InvalidDocumentError
from linkproof.expectations.model import without_duplicates
from linkproof.shards.partition import InvalidShardError, Shard
from linkproof.verify.seen import MOST_LEFT_IDS, VANTAGE_NAME
from linkproof.words import counted

if TYPE_CHECKING:
    from pathlib import Path

# 100,000 expectations with their states are about 20 MB.
MAX_OCTETS = 256 * 1024 * 1024
_MOST = 1_000_000


class InvalidResultError(InvalidDocumentError):
    """The document is no result that this version can merge."""


def _known_rule(text: str) -> str:
    from linkproof.verify.rules.registry import RULES

    if text not in RULES:
        raise ValueError("no rule of this version")
    return text


def _shard(text: str) -> str:
    try:
        return str(Shard.parse(text))
    except InvalidShardError as error:
        raise ValueError(error.reason) from error


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _without_surrogates(value: object) -> object:
    """Half of a character, as a server may send it, is no text that could be merged or written: it is shown as unreadable."""
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Text = Annotated[str, BeforeValidator(_without_surrogates), Field(max_length=200_000)]
Id = Annotated[str, BeforeValidator(_without_surrogates), Field(max_length=100_000)]
Count = Annotated[int, Field(ge=0, le=10**9)]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Name = Annotated[str, Field(pattern=VANTAGE_NAME)]
Names = Annotated[tuple[Name, ...], Field(max_length=1_000)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{16,64}$")]
Word = Literal["proven", "differs", "not-proven", "lagging"]
State = Literal["right", "differs", "lagging", "could-not-check", "not-asked"]
Timing = Annotated[dict[Annotated[str, Field(max_length=100)], float], Field(max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class VantageDocument(_Part):
    kind: Literal["authoritative", "resolver", "edge"]
    server: Text
    address: Text
    transport: Literal["udp", "tcp", "tls", "https", "http"]


class FindingDocument(_Part):
    rule: Annotated[str, AfterValidator(_known_rule)]
    severity: Literal["error", "warning"]
    id: Id
    affects: Annotated[tuple[Id, ...], Field(max_length=_MOST)]
    name: Text
    type: Text
    expected: Text
    observed: Text
    vantage: VantageDocument
    why: Text
    fix: Text
    place: Text
    reproduce: Text = ""
    seen_from: Names = ()


class LaggingDocument(FindingDocument):
    until: Moment


class UncheckedDocument(_Part):
    id: Id
    vantage: VantageDocument | None
    reason: Text
    seen_from: Names = ()


class UnprobedDocument(_Part):
    id: Id
    reason: Text


class CoverageDocument(_Part):
    cells: Count
    checked: Count
    could_not_check: Count


class CertificateDocument(_Part):
    id: Id
    host: Text
    not_before: Moment
    not_after: Moment
    seen_from: Names = ()


class LimitDocument(_Part):
    reason: Text
    ids: Annotated[tuple[Id, ...], Field(max_length=_MOST)]


class PartDocument(_Part):
    shard: Annotated[str, AfterValidator(_shard)]
    vantage: Name
    at: Moment
    verdict: Word
    coverage: CoverageDocument
    expectations: Digest
    timing: Timing = {}
    asked_for: Annotated[dict[Literal["wrong", "expiring", "changed", "sample"], Count], Field(max_length=4)] = {}


class AskedDocument(_Part):
    id: Id
    digest: Digest
    seen: Annotated[dict[Name, State], Field(max_length=1_000)]


class NotAskedDocument(_Part):
    count: Count
    of: Count
    ids: Annotated[tuple[Id, ...], Field(max_length=MOST_LEFT_IDS)]
    run: Count


class ResultDocument(_Part):
    """The published form, with `parts` where it can be merged."""

    version: Literal[1]
    verdict: Word
    findings: Annotated[tuple[FindingDocument, ...], Field(max_length=_MOST)]
    lagging: Annotated[tuple[LaggingDocument, ...], Field(max_length=_MOST)]
    could_not_check: Annotated[tuple[UncheckedDocument, ...], Field(max_length=_MOST)]
    unprobed: Annotated[tuple[UnprobedDocument, ...], Field(max_length=_MOST)] = ()
    coverage: CoverageDocument
    certificates: Annotated[tuple[CertificateDocument, ...], Field(max_length=_MOST)]
    timing: Timing
    limits: Annotated[tuple[LimitDocument, ...], Field(max_length=_MOST)]
    parts: Annotated[tuple[PartDocument, ...], Field(max_length=100_000)] = ()
    expected_vantages: Names = ()
    asked: Annotated[tuple[AskedDocument, ...], Field(max_length=_MOST)] = ()
    not_asked: NotAskedDocument | None = None


def load(path: Path) -> ResultDocument:
    """Read a result.

    Raises:
        InvalidResultError: it cannot be read, is too large, is not JSON, has another version, or breaks the schema.
    """
    again = "write it again with `linkproof verify … --json`"
    try:
        with path.open("rb") as file:
            content = file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise InvalidResultError(str(path), error.strerror or str(error), again) from error
    if len(content) > MAX_OCTETS:
        raise InvalidResultError(str(path), f"over {MAX_OCTETS >> 20} MiB", "give a result of `linkproof verify`")
    try:
        tree = json.loads(content, object_pairs_hook=without_duplicates)
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise InvalidResultError(place, f"not JSON: {error.msg}", again) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InvalidResultError(str(path), f"not JSON: {error}", again) from error
    return parse(tree, str(path))


def parse(tree: object, place: str = "result") -> ResultDocument:
    """Check a tree of plain values.

    Args:
        place: named in errors.

    Raises:
        InvalidResultError: see `load`.
    """
    if not isinstance(tree, dict) or "verdict" not in tree:
        raise InvalidResultError(place, "no result of `linkproof verify`", "give what `verify --json` printed")
    if tree.get("version") != 1:
        reason = f"version is {json.dumps(tree.get('version'), default=str)[:40]}, this program reads 1"
        raise InvalidResultError(f"{place}: version", reason, "make and merge all results with one linkproof")
    try:
        found = ResultDocument.model_validate(tree)
    except ValidationError as error:
        first, *others = error.errors(include_url=False, include_input=False)
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        more = f" (and {counted(len(others), 'more problem')})" if others else ""
        reason = f"{first['msg'].removeprefix('Value error, ')}{more}"
        fix = "make and merge all results with one linkproof; `linkproof schema verify` has the form"
        raise InvalidResultError(f"{place}: {where[:200]}", reason, fix) from error
    _require_known_vantages(found, place)
    return found


def to_json(document: ResultDocument) -> dict[str, Any]:
    """The published form; what there is none of and may be left out is."""
    tree = document.model_dump(mode="json")
    for key in ("unprobed", "parts", "expected_vantages", "asked", "not_asked"):
        if not tree[key]:
            del tree[key]
    for part in tree.get("parts", ()):
        if not part["asked_for"]:
            del part["asked_for"]
    for key in ("findings", "lagging", "could_not_check", "certificates"):
        for item in tree[key]:
            if not item["seen_from"]:
                del item["seen_from"]
    return tree


def _require_known_vantages(document: ResultDocument, place: str) -> None:
    if not document.parts:
        return
    known = {part.vantage for part in document.parts} | set(document.expected_vantages)
    named = {name for finding in (*document.findings, *document.lagging) for name in finding.seen_from}
    named |= {name for item in document.could_not_check for name in item.seen_from}
    named |= {name for item in document.certificates for name in item.seen_from}
    named |= {name for one in document.asked for name in one.seen}
    if strange := sorted(named - known):
        reason = f"names the vantage {strange[0]}, from which it has no part"
        raise InvalidResultError(place, reason, "give results as `linkproof verify` and `merge` wrote them")
