"""A resolver that gives the right CNAME and no address at its end, although the authorities have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.lag import later
from linkproof.verify.judge.record_context import until_of
from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.judge.record_context import RecordContext
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.resolved import Resolved


def missing_address(record: RecordExpectation, address: Answer | None, target: Resolved | None) -> Violation | None:
    """What users of the resolver get in the place of an address.

    Args:
        record: the expectation.
        address: the resolver's answer to A, asked where somebody looks for addresses.
        target: where the CNAME leads by its authorities; None where they could not be asked.
    """
    if not isinstance(address, Reply) or address.rcode not in {"NOERROR", "NXDOMAIN"}:
        return None
    if record.served != "as-declared" or record.resolve != "address" or target is None or target.status != "found":
        return None
    for item in address.answer:
        if item.type == "A":
            return None
    known = sorted({item.value for item in target.records if item.type == "A"})
    if not known:
        return None
    rule = "dns.missing-name" if address.rcode == "NXDOMAIN" else "dns.missing-type"
    said = "NXDOMAIN" if address.rcode == "NXDOMAIN" else "no address"
    expected = f"A {', '.join(known)} or another address, for {target.chain[-1]} has one at its authorities"
    return Violation(rule, expected, f"A: {said} for {_end(address)}", asked_type="A")


def missing_until(
    record: RecordExpectation, address: Reply, context: RecordContext, last_seen_old: datetime | None
) -> datetime | None:
    """Until when some resolver may have that from before the last change; None where nothing allows it.

    What it says of the name at the end is a negative answer, which ends with the negative TTL of that name's zone (RFC 2308 §5); the
    authorities have an address now, and had one when the record was to lead there. Without a change that is known nothing tells a cache from
    a filter, so nothing is waited for.
    """
    seconds = _negative_seconds(address)
    moments = [moment for moment in (until_of(record, None, context), last_seen_old) if moment]
    if not address.values("CNAME") or seconds is None or not moments:
        return None
    return later(max(moments), seconds)


def _end(address: Reply) -> str:
    """The last name of the CNAMEs in an answer."""
    name, following = address.name, {item.name: item.value for item in address.answer if item.type == "CNAME"}
    for _ in following:
        name = following.get(name, name)
    return name


def _negative_seconds(address: Reply) -> int | None:
    """The whole negative TTL, of which the answer's own TTL shows what is left; without SOA nobody may keep the answer.

    Some resolvers take the SOA's TTL and others its MINIMUM, and one that makes denials from NSEC knows no cap.
    """
    for item in address.authority:
        fields = item.value.split()
        if item.type == "SOA" and is_in_zone(_end(address), item.name) and len(fields) == 7 and fields[6].isdigit():
            return max(int(fields[6]), item.ttl_seconds)
    return None
