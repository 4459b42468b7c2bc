"""One DNS answer against one declared record: which rule it breaks, if any."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.values import canonical_value, is_in_zone

if TYPE_CHECKING:
    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.answer import Answer

_ADDRESSES = frozenset({"A", "AAAA"})
# RFC 9824 §2: a compact denial says NOERROR; the bitmap of its NSEC tells that the name does not exist.
_COMPACT_DENIAL = "NXNAME"
# RFC 8914 §4.7-4.13: DNSSEC bogus, signature expired, not yet valid, DNSKEY missing, RRSIGs missing, no zone key bit, NSEC missing.
BOGUS = frozenset(range(6, 13))


def declared_values(record: RecordExpectation) -> tuple[str, ...]:
    return _canonical(record.type, record.values)


# A record is compared with each of some twenty answers, one after the other.
@lru_cache(maxsize=1024)
def _canonical(record_type: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(canonical_value(record_type, value) for value in values)


def expected_text(record: RecordExpectation) -> str:
    """What is expected, as a finding says it."""
    if record.match == "absent":
        return f"no {record.type}"
    if record.match == "present":
        return f"a {record.type}"
    if record.served != "as-declared":
        return f"addresses and no CNAME ({record.served})"
    values = ", ".join(declared_values(record))
    return {"exact": values, "contains": f"among others {values}", "any_of": f"one of {values}"}[record.match]


def observed_text(reply: Reply, record_type: str) -> str:
    values = reply.values(record_type)
    if values:
        return ", ".join(values)
    if reply.rcode != "NOERROR":
        return reply.rcode
    other = [f"{item.type} {item.value}" for item in reply.answer if item.name == reply.name]
    return ", ".join(other[:4]) or f"no {record_type}"


def judge_values(
    record: RecordExpectation, reply: Reply, address: Answer | None = None, denial: Answer | None = None
) -> Violation | None:
    """Compare what a server or resolver answered with the declaration; authority is judged elsewhere.

    Args:
        record: the expectation.
        reply: the answer to the record's own type, NOERROR or NXDOMAIN.
        address: the answer to A for the same name, where it was asked.
        denial: the same answer with its proof, where there was none.
    """
    values = reply.values(record.type)
    if values and record.served == "as-declared" and record.match != "absent" and reply.rcode != "NXDOMAIN":
        return _judge_served(record, reply, values, address)
    expected, observed = expected_text(record), observed_text(reply, record.type)
    if record.match == "absent":
        wanted = set(declared_values(record))
        return (
            Violation("dns.still-present", expected, observed)
            if set(values) & wanted or (values and not wanted)
            else None
        )
    proof = denial if isinstance(denial, Reply) else reply
    if reply.rcode == "NXDOMAIN" or (not reply.answer and _is_compact_denial(proof)):
        return Violation(
            "dns.missing-name", expected, "NXDOMAIN" if reply.rcode == "NXDOMAIN" else "NXDOMAIN (compact denial)"
        )
    if record.served != "as-declared":
        return judge_address(record, address) or _judge_flat(reply, address, expected)
    return _judge_missing(record, reply, address, expected, observed)


def _judge_served(
    record: RecordExpectation, reply: Reply, values: tuple[str, ...], address: Answer | None
) -> Violation | None:
    """The usual case, which finds nothing: texts are made only for what is wrong."""
    if record.type == "CNAME":
        if len(set(values)) > 1:
            return Violation("dns.duplicate-cname", expected_text(record), observed_text(reply, record.type))
        if isinstance(address, Reply) and _has_address(address, reply.name):
            beside = f"{observed_text(reply, record.type)} beside A {', '.join(address.values('A'))}"
            return Violation("dns.cname-coexistence", expected_text(record), beside, asked_type="A")
    if not is_match(record, values):
        return Violation("dns.wrong-value", expected_text(record), observed_text(reply, record.type))
    return None


def _has_address(reply: Reply, name: str) -> bool:
    return any(item.name == name and item.type in _ADDRESSES for item in reply.answer)


def judge_ttl(record: RecordExpectation, reply: Reply) -> Violation | None:
    """Compare the served TTL with the declared one; only an authority's TTL says anything."""
    if record.ttl_seconds is None or record.ttl == "ignore" or record.match == "absent":
        return None
    served = [item.ttl_seconds for item in reply.answer if item.type == record.type and item.name == reply.name]
    if record.ttl == "exact":
        wrong = [seconds for seconds in served if seconds != record.ttl_seconds]
        expected = f"TTL {record.ttl_seconds} s"
    else:
        wrong = [seconds for seconds in served if seconds > record.ttl_seconds]
        expected = f"TTL at most {record.ttl_seconds} s"
    return Violation("dns.ttl-differs", expected, f"TTL {wrong[0]} s") if wrong else None


def judge_failure(record: RecordExpectation, reply: Reply) -> Violation | None:
    """A code that is no answer about the name."""
    if reply.rcode == "REFUSED":
        return Violation("dns.refused", expected_text(record), "REFUSED")
    if reply.rcode not in {"NOERROR", "NXDOMAIN"}:
        return failure(expected_text(record), reply)
    return None


def judge_address(record: RecordExpectation, address: Answer | None) -> Violation | None:
    """A code that is no answer to the question for addresses; the record's own type may be answered all the same.

    BIND and PowerDNS fail so when their own chain of CNAMEs is too long, PowerDNS also when it cannot flatten a target.
    """
    if not isinstance(address, Reply) or (problem := judge_failure(record, address)) is None:
        return None
    return replace(problem, observed=f"{address.type}: {problem.observed}", asked_type=address.type)


def failure(expected: str, reply: Reply) -> Violation:
    """A failure code; the extended error tells a broken signature from a dead server."""
    errors = sorted(set(reply.extended_errors))
    observed = f"{reply.rcode}, extended error {', '.join(map(str, errors))}" if errors else reply.rcode
    return Violation("dns.dnssec-bogus" if BOGUS & set(errors) else "dns.server-failure", expected, observed)


def judge_authority(record: RecordExpectation, reply: Reply, zone: str) -> Violation | None:
    """An answer about the name that comes without AA."""
    if reply.authoritative:
        return None
    expected = expected_text(record)
    referrals = sorted({item.name for item in reply.authority if item.type == "NS"})
    if reply.answer or reply.rcode == "NXDOMAIN":
        return Violation("dns.non-authoritative", expected, f"{observed_text(reply, record.type)} without AA")
    if referrals and is_in_zone(zone, referrals[0]) and referrals[0] != zone:
        return Violation("dns.lame-upward-referral", expected, f"a referral to {referrals[0]}")
    if referrals:
        why = "this server delegates the name further than the other servers of the zone do"
        return Violation(
            "dns.delegated-below",
            expected,
            f"a referral to {referrals[0]}",
            why,
        )
    return Violation("dns.lame-nonauth", expected, "an empty answer without AA")


def judge_wildcard(
    record: RecordExpectation, reply: Reply, below: Answer | None, *, is_right: bool
) -> Violation | None:
    """A name that exists keeps the wildcard away from what is below it; the same answer there means it does not."""
    values = reply.values(record.type)
    if not isinstance(below, Reply) or not values or set(below.values(record.type)) != set(values):
        return None
    observed = f"{observed_text(reply, record.type)}, as for any name below it"
    return Violation(
        "dns.masked-by-wildcard",
        expected_text(record),
        observed,
        severity=None if is_right else "error",
        asked_name=below.name,
    )


def _judge_flat(reply: Reply, address: Answer | None, expected: str) -> Violation | None:
    cnames = reply.values("CNAME") or (address.values("CNAME") if isinstance(address, Reply) else ())
    if cnames:
        return Violation("dns.not-proxied", expected, f"CNAME {', '.join(cnames)}")
    shown = reply.values("A") + reply.values("AAAA") + (address.values("A") if isinstance(address, Reply) else ())
    if not shown and not isinstance(address, NoUsableReply):
        return Violation("dns.missing-type", expected, "neither CNAME nor A")
    return None


def _judge_missing(
    record: RecordExpectation, reply: Reply, address: Answer | None, expected: str, observed: str
) -> Violation:
    cnames = reply.values("CNAME")
    if cnames:
        return Violation("dns.wrong-value", expected, f"CNAME {', '.join(cnames)}")
    if record.type == "CNAME" and isinstance(address, Reply) and address.values("A"):
        return Violation("dns.flattened", expected, f"no CNAME, A {', '.join(address.values('A'))}")
    return Violation("dns.missing-type", expected, observed)


def is_match(record: RecordExpectation, values: tuple[str, ...]) -> bool:
    declared = declared_values(record)
    if values == declared and record.match != "present":
        return True
    wanted = set(declared)
    if record.match == "present":
        return bool(values)
    if record.match == "contains":
        return wanted <= set(values)
    if record.match == "any_of":
        return set(values) <= wanted
    return set(values) == wanted


def _is_compact_denial(reply: Reply) -> bool:
    return reply.rcode == "NOERROR" and any(
        item.type == "NSEC" and item.name == reply.name and _COMPACT_DENIAL in item.value.split()
        for item in reply.authority
    )
