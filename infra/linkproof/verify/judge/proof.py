"""Whether an answer of a signed zone brings the proof that it owes: of a denial, or of a wildcard in the place of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.verify.judge import proof_nsec, proof_nsec3
from linkproof.verify.judge.signatures import good_signature
from linkproof.verify.judge.subject import Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.verify.observations.answer import Reply

# A proof takes three records at most (RFC 5155 §7.2); a hostile one has hundreds.
_MOST_PROOFS = 4
_BY_TYPE = {"NSEC": proof_nsec, "NSEC3": proof_nsec3}


def judge_denial_proof(reply: Reply, zone: str, keys: Any, moment: int) -> Violation | None:
    """The proof that the name does not exist, or has no such type (RFC 4035 §5.4, RFC 5155 §8.4-8.7).

    Args:
        reply: NXDOMAIN, or NOERROR without an answer.
        zone: the apex.
        keys: trusted ones of the zone.
        moment: seconds, for signatures have dates.
    """
    import dns.name

    is_nxdomain = reply.rcode == "NXDOMAIN"
    what = "does not exist" if is_nxdomain else f"has no {reply.type}"
    expected = f"a signed proof that {reply.name} {what}"
    found, problem = _proofs(reply, zone, keys, moment)
    if problem is not None:
        return problem
    if not found:
        return Violation("dns.dnssec-bogus", expected, f"{reply.rcode} without NSEC or NSEC3")
    name, apex, types = dns.name.from_text(reply.name), dns.name.from_text(zone), (reply.type, "CNAME")
    missing = [
        _BY_TYPE[kind].missing_denial(records, name, apex, types, is_nxdomain=is_nxdomain)
        for kind, records in found.items()
    ]
    return Violation("dns.dnssec-bogus", expected, missing[0]) if all(missing) else None


def judge_expansion_proof(reply: Reply, zone: str, keys: Any, moment: int, encloser: Any) -> Violation | None:
    """The proof that the name itself does not exist, where a wildcard's answer stands for it (RFC 4035 §5.3.4, RFC 5155 §8.8).

    Args:
        reply: the wildcard's answer.
        encloser: of that wildcard.
    """
    import dns.name

    name, apex = dns.name.from_text(reply.name), dns.name.from_text(zone)
    expected = f"beside the answer of a wildcard a signed proof that {reply.name} does not exist"
    if not encloser.is_subdomain(apex):
        return Violation("dns.dnssec-bogus", expected, f"a signature for *.{encloser}")
    found, problem = _proofs(reply, zone, keys, moment)
    if problem is not None:
        return problem
    missing = [_BY_TYPE[kind].missing_expansion(records, name, apex, encloser) for kind, records in found.items()]
    if found and not all(missing):
        return None
    return Violation("dns.dnssec-bogus", expected, f"*.{encloser}, and {missing[0] if missing else 'no NSEC or NSEC3'}")


def _proofs(
    reply: Reply, zone: str, keys: Any, moment: int
) -> tuple[dict[str, Sequence[tuple[Any, Any]]], Violation | None]:
    """The owners and records that prove something, by type; or what is wrong with a signature."""
    import dns.name

    found: dict[str, list[tuple[Any, Any]]] = {}
    wanted = sorted({(item.name, item.type) for item in reply.authority if item.type in _BY_TYPE})
    for owner, kind in wanted[:_MOST_PROOFS]:
        rrset, signature, problem = good_signature(reply.wire, owner, kind, zone, keys, moment, "authority")
        if problem is not None:
            return {}, problem
        if signed_wildcard(owner, signature) is not None:
            continue  # a wildcard's NSEC under another name: it would deny whatever one likes
        at = dns.name.from_text(owner)
        found.setdefault(kind, []).extend((at, record) for record in list(rrset)[:_MOST_PROOFS])
    return {**found}, None


def signed_wildcard(name: str, signature: Any) -> Any:
    """The name above the star of the wildcard that was signed in the place of a name; None where the name itself was signed."""
    import dns.name

    owner = dns.name.from_text(name)
    # a signature counts labels without the root and without a star in front (RFC 4034 §3.1.3)
    labels = len(owner) - 1 - owner.is_wild()
    return owner.split(signature.labels + 1)[1] if signature.labels < labels else None
