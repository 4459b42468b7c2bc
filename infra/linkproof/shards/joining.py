"""The same thing in several results made one, with the names of all who saw it: in whatever order they come, the same comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linkproof.shards.document import (
    AskedDocument,
    CertificateDocument,
    FindingDocument,
    LaggingDocument,
    LimitDocument,
    UncheckedDocument,
    UnprobedDocument,
)
from linkproof.verify.seen import SEEN_STATES

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from linkproof.shards.document import State

F = TypeVar("F", bound=FindingDocument)


def findings(items: Iterable[FindingDocument]) -> tuple[FindingDocument, ...]:
    """One for each fault, the errors first."""
    return tuple(sorted((_one_finding(group) for group in _groups(items)), key=_finding_order))


def lagging(items: Iterable[LaggingDocument]) -> tuple[LaggingDocument, ...]:
    """One for each old answer, with the latest of its ends."""
    joined = [
        _one_finding(group).model_copy(update={"until": max(item.until for item in group)}) for group in _groups(items)
    ]
    return tuple(sorted(joined, key=_finding_order))


def unchecked(items: Iterable[UncheckedDocument]) -> tuple[UncheckedDocument, ...]:
    seen: dict[tuple[str, ...], set[str]] = {}
    first: dict[tuple[str, ...], UncheckedDocument] = {}
    for item in items:
        key = (item.id, item.reason, *_asked(item))
        seen.setdefault(key, set()).update(item.seen_from)
        first.setdefault(key, item)
    return tuple(first[key].model_copy(update={"seen_from": tuple(sorted(seen[key]))}) for key in sorted(seen))


def certificates(items: Iterable[CertificateDocument]) -> tuple[CertificateDocument, ...]:
    seen: dict[CertificateDocument, set[str]] = {}
    for item in items:
        seen.setdefault(item.model_copy(update={"seen_from": ()}), set()).update(item.seen_from)
    ordered = sorted(seen, key=lambda item: (item.id, item.host, item.not_after, item.not_before))
    return tuple(item.model_copy(update={"seen_from": tuple(sorted(seen[item]))}) for item in ordered)


def unprobed(items: Iterable[UnprobedDocument]) -> tuple[UnprobedDocument, ...]:
    return tuple(sorted(set(items), key=lambda item: (item.id, item.reason)))


def limits(items: Iterable[LimitDocument]) -> tuple[LimitDocument, ...]:
    ids: dict[str, set[str]] = {}
    for item in items:
        ids.setdefault(item.reason, set()).update(item.ids)
    return tuple(LimitDocument(reason=reason, ids=tuple(sorted(ids[reason]))) for reason in sorted(ids))


def asked(items: Iterable[AskedDocument]) -> tuple[AskedDocument, ...]:
    """Every expectation with its state at each vantage, the worst where one says two; all have one digest."""
    digest: dict[str, str] = {}
    seen: dict[str, dict[str, State]] = {}
    for item in items:
        digest[item.id] = item.digest
        states = seen.setdefault(item.id, {})
        for name, state in item.seen.items():
            states[name] = min(states.get(name, state), state, key=SEEN_STATES.index)
    return tuple(
        AskedDocument(id=one, digest=digest[one], seen=dict(sorted(seen[one].items()))) for one in sorted(seen)
    )


def _groups(items: Iterable[F]) -> Iterable[list[F]]:
    groups: dict[Hashable, list[F]] = {}
    for item in items:
        groups.setdefault(_fault(item), []).append(item)
    return groups.values()


def _fault(item: FindingDocument) -> Hashable:
    """What makes two findings the same. A resolver that never answers is one, whatever could not be seen through it."""
    if item.rule == "dns.timeout" and item.vantage.kind == "resolver":
        return item.rule, item.severity, item.vantage.server, item.vantage.transport
    return item.rule, item.severity, item.id, item.name, item.type, item.expected, item.observed, item.vantage


def _one_finding(group: list[F]) -> F:
    """The one of them that sorts first speaks for all: what a server says of itself may vary, and an order of coming must not show."""
    speaks = min(group, key=_speaker)
    affects = sorted({one for item in group for one in item.affects})
    names = sorted({name for item in group for name in item.seen_from})
    return speaks.model_copy(update={"affects": tuple(affects), "seen_from": tuple(names)})


def _speaker(item: FindingDocument) -> tuple[str | bool, ...]:
    rest = (item.expected, item.observed, *_asked(item), item.why, item.fix)
    return (item.id, item.name, item.type, *rest, not item.place, item.place, not item.reproduce, item.reproduce)


def _finding_order(item: FindingDocument) -> tuple[str | bool, ...]:
    return (item.severity != "error", item.id, item.rule, *_asked(item), *_speaker(item))


def _asked(item: FindingDocument | UncheckedDocument) -> tuple[str, ...]:
    vantage = item.vantage
    return (vantage.kind, vantage.server, vantage.address, vantage.transport) if vantage else ()
