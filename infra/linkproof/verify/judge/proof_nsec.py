"""What NSEC records prove (RFC 4035 §5.4, RFC 6840 §4.1); signatures are checked elsewhere. Each answer is what is missing, or empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.verify.judge.proof_types import leads_elsewhere, types_text, wildcard_below

if TYPE_CHECKING:
    from collections.abc import Sequence


def missing_denial(
    records: Sequence[tuple[Any, Any]], name: Any, zone: Any, types: Sequence[str], *, is_nxdomain: bool
) -> str:
    """What the proof lacks that a name does not exist, or has none of the types.

    Args:
        records: owner and NSEC.
        name: that was asked for.
        zone: the apex.
        types: that would have been an answer.
        is_nxdomain: the server says that the name does not exist.
    """
    here = next((item for owner, item in records if owner == name), None)
    if here is not None:
        return _missing_at(here, name, types, is_nxdomain=is_nxdomain)
    covering = _covering(records, name, zone)
    if covering is None:
        return f"an NSEC of other names: {_shown(records)}"
    if covering[1].next.is_subdomain(name):
        return "NXDOMAIN, and an NSEC that names something below it" if is_nxdomain else ""
    wildcard = wildcard_below(_closest_encloser(covering, name))
    at_wildcard = next((item for owner, item in records if owner == wildcard), None)
    if at_wildcard is not None:
        given = types_text(at_wildcard, types)
        if is_nxdomain or given:
            return f"{'NXDOMAIN' if is_nxdomain else 'no answer'}, and an NSEC of {wildcard}{f' with {given}' if given else ''}"
        return ""
    if not is_nxdomain:
        return f"NOERROR, and an NSEC neither of the name nor of {wildcard}: {_shown(records)}"
    return "" if _covering(records, wildcard, zone) else f"no NSEC that denies {wildcard}: {_shown(records)}"


def missing_expansion(records: Sequence[tuple[Any, Any]], name: Any, zone: Any, encloser: Any) -> str:
    """What the proof lacks that a wildcard's answer may stand for a name: nothing nearer to it may exist (RFC 4035 §5.3.4).

    Args:
        encloser: of the wildcard, as the signature's number of labels gives it.
    """
    covering = _covering(records, name, zone)
    if covering is None:
        return f"an NSEC of other names: {_shown(records)}" if records else "no NSEC"
    nearest = _closest_encloser(covering, name)
    return "" if nearest == encloser else f"an NSEC by which {nearest} exists: {_shown(records)}"


def _missing_at(record: Any, name: Any, types: Sequence[str], *, is_nxdomain: bool) -> str:
    """The NSEC of the name itself: a compact denial says NOERROR with it, whether or not there is such a name (RFC 9824 §3)."""
    if given := types_text(record, types):
        return f"no answer, and an NSEC of {name} with {given}"
    return f"NXDOMAIN, and an NSEC of {name} itself" if is_nxdomain else ""


def _covering(records: Sequence[tuple[Any, Any]], name: Any, zone: Any) -> tuple[Any, Any] | None:
    return next((one for one in records if _covers(*one, name, zone)), None)


def _covers(owner: Any, record: Any, name: Any, zone: Any) -> bool:
    """Whether the name stands between the NSEC's and the next; after the last one comes the apex (RFC 4034 §4.1.1)."""
    if not owner < name or not (name < record.next or record.next == zone):
        return False
    # what is below a delegation or a DNAME is not for this NSEC to deny (RFC 6840 §4.1)
    return not (name.is_subdomain(owner) and leads_elsewhere(record))


def _closest_encloser(covering: tuple[Any, Any], name: Any) -> Any:
    owner, record = covering
    shared = max(name.fullcompare(other)[2] for other in (owner, record.next))
    return name.split(shared)[1]


def _shown(records: Sequence[tuple[Any, Any]]) -> str:
    return ", ".join(f"{owner} NSEC {record.next}" for owner, record in records)
