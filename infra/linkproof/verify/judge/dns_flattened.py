"""A name with addresses in the place of its CNAME: an alias that works, flattening, proxying, a parked domain or an A record by hand."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.ranges import addresses_of, providers_of, published_ranges
from linkproof.verify.observations.answer import Reply
from linkproof.verify.values import canonical_value

if TYPE_CHECKING:
    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.judge.subject import Violation
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.record import RecordObservation

_FLATTENING = "switch flattening off for the record (an ALIAS or ANAME record, or the DNS host's CNAME flattening): publish the CNAME itself"
_BY_HAND = "find out whose addresses these are; then replace the A record by the declared CNAME, in one change so that the name is never without"


def judge_flattened(
    record: RecordExpectation, address: Answer | None, seen: RecordObservation, edge: str, phase: str
) -> Violation | None:
    """Which of the causes it is, with the advice for that one; None where nothing tells.

    Args:
        record: the expectation, a CNAME.
        address: the addresses at the name itself.
        seen: everything that the authorities said about the record, with where its declared target leads.
        edge: of the endpoint at this host, where there is one.
        phase: likewise.
    """
    from linkproof.verify.judge.subject import Violation

    if not isinstance(address, Reply):
        return None
    shown = addresses_of(address.values("A"))
    values = ", ".join(canonical_value("CNAME", value) for value in record.values)
    found = Violation("dns.flattened", values, f"no CNAME, A {', '.join(shown)}")
    below = seen.wildcard
    if isinstance(below, Reply) and below.name != record.name and set(below.values("A")) & set(shown):
        observed = f"{found.observed}, as for any name below it"
        return replace(found, rule="dns.parked", observed=observed, asked_name=below.name, asked_type="A")
    led = (item.value for item in seen.target.records if item.type == "A") if seen.target else ()
    target = set(addresses_of(led))
    is_edge = _near(shown, target) or _within(shown, edge)
    if phase in {"live", "secured"} and is_edge:
        return replace(found, rule="dns.alias-record", observed=f"{found.observed}, which is where {values} leads")
    if set(shown) & target:
        why = f"the name shows the addresses of {values} in the place of the CNAME: it is flattened, so the sender cannot validate it"
        return replace(found, why=why, fix=_FLATTENING)
    if owners := providers_of(shown):
        why = f"these are addresses of {', '.join(owners)}: the name is proxied there, so the sender cannot validate it"
        fix = f"switch proxying off for the record at {', '.join(owners)} (DNS only)"
        return replace(found, why=why, fix=fix)
    why = (
        f"these are neither addresses of {values} nor of a proxy that is known here: someone made the name an A record"
    )
    return replace(found, why=why, fix=_BY_HAND) if target else None


def _within(shown: tuple[str, ...], edge: str) -> bool:
    ranges = published_ranges(edge) if edge else ()
    return bool(ranges and shown) and all(
        any(ipaddress.ip_address(one) in network for network in ranges) for one in shown
    )


def _near(shown: tuple[str, ...], target: set[str]) -> bool:
    """Whether an edge gives the same addresses, or ones beside them: it gives others from one question to the next."""
    return bool({_network(one) for one in shown} & {_network(one) for one in target})


def _network(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(f"{address}/24", strict=False)
