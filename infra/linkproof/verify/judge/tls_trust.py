"""Why there is no path to a trust anchor: each cause has its own advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import Violation

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.verify.observations.edge import PresentedCertificate, TlsObservation

# As OpenSSL numbers them (x509_vfy.h). Unable to get the (local) issuer's certificate, unable to verify the first one:
_NO_ISSUER = frozenset({2, 20, 21})
_SELF_SIGNED_LEAF = 18
_WRONG_PURPOSE = 26
# a root that was sent and is no anchor
_UNKNOWN_ROOT = 19
_EXPECTED = "a chain to a trust anchor"


def judge_trust(seen: TlsObservation) -> list[Violation]:
    """Why no path leads to a trust anchor, whatever its dates."""
    return [_untrusted(seen)] if seen.verify_code > 0 else []


def judge_anchor(seen: TlsObservation, now: datetime) -> list[Violation]:
    """Whether the anchor that the path leads to is valid still."""
    anchor = seen.path[-1] if len(seen.path) > 1 else None
    if anchor is None or now <= anchor.not_after:
        return []
    observed = f"{anchor.subject} expired {anchor.not_after:%Y-%m-%d %H:%M} UTC"
    return [Violation("tls.anchor-expired", "a trust anchor that is valid now", observed)]


def _untrusted(seen: TlsObservation) -> Violation:
    if seen.verify_code in _NO_ISSUER:
        return _without_issuer(seen.served)
    if seen.verify_code == _WRONG_PURPOSE:
        return Violation("tls.wrong-purpose", "certificates for TLS servers", seen.verify_message)
    if seen.verify_code == _SELF_SIGNED_LEAF:
        why = "it is signed with its own key, so nobody vouches for it"
        fix = "replace what the server made for itself by a certificate of a public CA; a self-signed one of your own needs --ca"
        return Violation("tls.not-trusted", _EXPECTED, "a self-signed certificate", why, fix=fix)
    if seen.verify_code == _UNKNOWN_ROOT:
        return Violation(
            "tls.not-trusted", _EXPECTED, f"the chain ends at the root {seen.served[-1].issuer}, which is no anchor"
        )
    return Violation("tls.invalid-chain", _EXPECTED, f"{seen.verify_message} ({seen.verify_code})")


def _without_issuer(served: tuple[PresentedCertificate, ...]) -> Violation:
    """An issuer that was not sent looks like one that is not trusted; how far the sent ones reach tells them apart."""
    reached = _reached(served)
    last = reached[-1]
    if last.is_self_issued:
        return Violation("tls.not-trusted", _EXPECTED, f"the chain ends at the root {last.issuer}, which is no anchor")
    others = len(served) - len(reached)
    what = (
        "the leaf alone"
        if len(served) == 1
        else f"{len(served)} certificates, of which {others} do not belong to the leaf's path"
        if others
        else f"{len(served)} certificates"
    )
    if len(reached) == 1 or others or last.names_its_issuers_address:
        subject = "the leaf" if len(reached) == 1 else last.subject
        twin = (
            "; the one of that name that is sent has another key"
            if any(item.subject == last.issuer for item in served)
            else ""
        )
        why = f"the issuer of {subject} ({last.issuer}) is neither sent nor a trust anchor{twin}"
        return Violation("tls.incomplete-chain", _EXPECTED, what, why)
    return Violation(
        "tls.not-trusted",
        _EXPECTED,
        f"the chain ends at {last.subject}; its issuer ({last.issuer}) is neither sent nor a trust anchor",
    )


def _reached(served: tuple[PresentedCertificate, ...]) -> tuple[PresentedCertificate, ...]:
    """From the leaf over each issuer that was sent."""
    reached = [served[0]]
    while not reached[-1].is_self_issued:
        issuer = next((item for item in served if item not in reached and _may_have_issued(item, reached[-1])), None)
        if issuer is None:
            break
        reached.append(issuer)
    return tuple(reached)


def _may_have_issued(issuer: PresentedCertificate, other: PresentedCertificate) -> bool:
    keys = issuer.key_id, other.issuer_key_id
    return issuer.subject == other.issuer and (not all(keys) or keys[0] == keys[1])
