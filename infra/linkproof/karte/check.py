"""What KARTE and browsers ask of a certificate, on a chain that is put together."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof.business_days import JAPAN, after
from linkproof.expectations.model import EndpointExpectation, TlsExpectation
from linkproof.karte.chain import Chain
from linkproof.karte.clients import whole_chain
from linkproof.karte.handshake import shake
from linkproof.karte.pem import write_block
from linkproof.karte.refusal import Refusal
from linkproof.senders.karte.facts import RENEWAL
from linkproof.verify.judge.tls import judge_tls
from linkproof.verify.observations.vantage import Reachability
from linkproof.verify.observe.edge.certificate_reader import parse_certificate

if TYPE_CHECKING:
    from linkproof.verify.result import Finding

_CURVES_OF_CAS = frozenset({"secp256r1", "secp384r1", ""})


def faults(chain: Chain, pem: str, host: str, now: datetime, ca: Path | None) -> Iterator[Refusal]:
    """Every reason not to upload it.

    Args:
        pem: the chain and its key.
        ca: trust anchors beside the system's.
    """
    yield from _names(chain, host)
    for one in chain.path[1:]:
        if (curve := parse_certificate(one.der).key_curve) not in _CURVES_OF_CAS:
            fix = "take a certificate of a CA with RSA 2048 or more, P-256 or P-384"
            yield Refusal("certificate.ca-key", f"{one.place}: {one.subject} has a key on {curve}", fix)
    judged = list(_judged(pem, host, now, ca))
    if chain.others and any(one.id == "tls.not-trusted" for one in judged):
        # beside certificates that lead nowhere the gap shows
        judged = list(
            _judged(pem + "".join(write_block("CERTIFICATE", one.der) for one in chain.others), host, now, ca)
        )
    yield from judged
    if not any(one.id == "tls.expired" for one in judged):
        yield from _time(chain, now)


def _names(chain: Chain, host: str) -> Iterator[Refusal]:
    names = parse_certificate(chain.leaf.der).names
    wildcard = next((name for name in names if "*" in name), None)
    fix = f"order it for {host} and no other name"
    if wildcard:
        yield Refusal(
            "certificate.wildcard",
            f"{chain.leaf.place}: {wildcard}: KARTE takes no wildcard (ワイルド・カード証明書以外)",
            fix,
        )
    elif host in names and len(set(names)) > 1:
        others = ", ".join(sorted(set(names) - {host})[:4])
        yield Refusal(
            "certificate.names",
            f"{chain.leaf.place}: it is for {others} too, so its key serves others beside KARTE",
            fix,
        )


def _judged(pem: str, host: str, now: datetime, ca: Path | None) -> Iterator[Refusal]:
    try:
        seen = shake(pem, host, ca)
    except ssl.SSLError as error:
        reason = getattr(error, "reason", None) or str(error)
        yield Refusal("tls.unusable", f"a server cannot use these: {reason}", "have the certificate issued again")
        return
    endpoint = EndpointExpectation(id=host, host=host, http="off", tls=TlsExpectation(min_days=0))
    for cell in judge_tls(endpoint, seen, Reachability(frozenset()), now):
        for finding in (*([cell.finding] if cell.finding else []), *cell.warnings):
            yield _refusal(finding, host)


def _refusal(finding: Finding, host: str) -> Refusal:
    how = whole_chain(host) if finding.rule == "tls.incomplete-chain" else ()
    problem = f"{finding.expected} is expected, and there is: {finding.observed}; {finding.why}"
    return Refusal(finding.rule, problem, finding.fix.replace("at the edge", "(--chain FILE)"), how)


def _time(chain: Chain, now: datetime) -> Iterator[Refusal]:
    """KARTE takes business days until it serves what was uploaded; what ends before that helps nobody."""
    end = min(one.value.not_valid_after_utc for one in chain.path).astimezone(JAPAN).date()
    try:
        serves = after(now.astimezone(JAPAN).date(), RENEWAL.business_days)
    except ValueError:
        return
    if serves >= end:
        problem = f"{chain.leaf.place}: it ends on {end}, and KARTE serves what is uploaded today from {serves} on"
        yield Refusal("certificate.too-late", problem, "have a new one issued, and upload that")
