"""Faults of one record: what the link's name answers."""

from __future__ import annotations

import itertools

from bench.compare.case import Case, case, declared, record
from bench.compare.world import CLICK, TARGET, ZONE, Internet
from tests.faults.servers import RefersBelow
from tests.verify.servers import AddressBesideCname, Honest, RefusesOneName, SilentForOneName

OLD = "old.vendor.test."


def _second(values: list[str] | None, kind: str = "CNAME"):
    return lambda net: net.second.set(CLICK, kind, values)


def _missing_type(net: Internet) -> None:
    net.second.set(CLICK, "CNAME", None)
    net.second.set(CLICK, "TXT", ['"hello"'])


def _only_at_the_second(kind: type[Honest]):
    return (Honest, kind, Honest)


def _named(net: Internet) -> None:
    net.second.name = CLICK  # type: ignore[attr-defined]


def _loop(net: Internet) -> None:
    net.set_both(CLICK, "CNAME", ["turn.example.test."])
    net.set_both("turn.example.test.", "CNAME", [CLICK])


def _chain(net: Internet) -> None:
    names = [CLICK, *(f"c{number}.example.test." for number in range(1, 11)), TARGET]
    for name, target in itertools.pairwise(names):
        net.set_both(name, "CNAME", [target])


def _masked(target: str):
    def change(net: Internet) -> None:
        net.set_both(CLICK, "CNAME", None)
        net.set_both("*.example.test.", "CNAME", [target])

    return change


def _beside_wildcard(net: Internet) -> None:
    net.set_both("*.example.test.", "CNAME", [TARGET])


def _double_suffix(net: Internet) -> None:
    net.set_both(CLICK, "CNAME", None)
    net.set_both("url.example.test.example.test.", "CNAME", [TARGET])


def _caa(values: list[str]):
    return lambda net: net.set_both(ZONE, "CAA", values)


CAA = declared(caa=[{"id": "link/caa", "host": "url.example.test", "cas": ["amazon.com", "amazontrust.com"]}])

OWNED = declared(endpoints=[{"id": "link/edge", "host": "url.example.test", "edge": "cloudfront", "nonce": "ours"}])

CASES: tuple[Case, ...] = (
    case("D1", "the right value", healthy=True),
    case("D2a", "wrong value at every server", "dns.wrong-value", needs="declaration record",
         change=lambda net: net.set_both(CLICK, "CNAME", [OLD])),
    case("D2b", "wrong value at one server of two", "dns.wrong-value", needs="record", change=_second([OLD])),
    case("D5b", "REFUSED for this name only", "dns.refused", needs="record", servers=_only_at_the_second(RefusesOneName),
         change=_named, dnsviz="INVALID_RCODE", drill="rcode REFUSED"),
    case("D7", "one server refers the name to a zone below", "dns.delegated-below", needs="record",
         servers=_only_at_the_second(RefersBelow), change=_named, dnsviz="REFERRAL, NOT_AUTHORITATIVE"),
    case("D10", "the name is missing at one server of two", "dns.missing-name", needs="record", change=_second(None),
         dnsviz="INCONSISTENT_NXDOMAIN", drill="rcode NXDOMAIN"),
    case("D11", "the name is there without the type, at one server", "dns.missing-type", needs="record", change=_missing_type,
         drill="0 answers"),
    case("D12", "the target does not exist", "dns.dangling-target", needs="record",
         change=lambda net: net.vendor.set(TARGET, "A", None), dnsviz="NXDOMAIN", delv="ncache nxdomain"),
    case("D16", "CNAME loop", "dns.cname-loop", needs="record", change=_loop, dnsviz="CNAME_LOOP", delv="SERVFAIL, loop"),
    case("D17", "a chain of 11 CNAMEs", "dns.chain-depth", needs="record", change=_chain,
         declare=lambda: declared(record(values=["c1.example.test."]))),
    case("D18", "two CNAMEs", "dns.duplicate-cname", needs="record",
         change=lambda net: net.set_both(CLICK, "CNAME", [TARGET, OLD]), drill="2 answers", dnsviz="CNAME"),
    case("D19", "an address beside the CNAME, at one server", "dns.cname-coexistence", needs="record",
         servers=_only_at_the_second(AddressBesideCname), change=_named, dnsviz="CNAME_WITH_OTHER_DATA"),
    case("D21a", "a wildcard answers for the missing record, with its value", "dns.masked-by-wildcard",
         needs="declaration record", change=_masked(TARGET)),
    case("D21b", "a wildcard answers for the missing record, with another value", "dns.masked-by-wildcard",
         needs="declaration record", change=_masked(OLD)),
    case("D21c", "a record beside a wildcard of the same value", healthy=True, change=_beside_wildcard),
    case("D30b", "silent for this name only, at one server", "dns.timeout", needs="record",
         servers=_only_at_the_second(SilentForOneName), change=_named, dnsviz="TIMEOUT, SERVER_UNRESPONSIVE", drill="Error"),
    case("D31", "another TTL than declared", "dns.ttl-differs", needs="declaration record",
         declare=lambda: declared(record(ttl_seconds=60))),
    case("D35", "the right value in the zone of another stack", "dns.wrong-owner", needs="declaration record",
         change=lambda net: net.set_both("_linkproof.url.example.test.", "TXT", ['"another"']),
         declare=lambda: OWNED),
    case("D39", "declared as proxied, the CNAME is served", "dns.not-proxied", needs="declaration record",
         declare=lambda: declared(record(served="proxied"))),
    case("D41a", "CAA of the zone forbids the edge's CA", "dns.caa-forbids", needs="declaration record",
         change=_caa(['0 issue "other.test"']), declare=lambda: CAA),
    case("D41b", "CAA allows the edge's CA among others", healthy=True,
         change=_caa(['0 issue "other.test"', '0 issue "amazon.com"']), declare=lambda: CAA),
    case("D42", "the zone's name appended twice", "dns.double-suffix", needs="declaration record", change=_double_suffix),
)  # fmt: skip
