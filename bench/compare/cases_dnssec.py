"""Faults of signatures, in an internet that is signed from the root down and served by knot and nsd."""

from __future__ import annotations

import re
from typing import Any

from bench.compare.case import Case, case, declared
from bench.compare.signed import SignedInternet
from bench.compare.world import CLICK, FIRST, SECOND, ZONE

EXPIRED, EARLY = (-40.0, -2.0), (2.0, 30.0)
SIGNED = declared(zone={"dnssec": "signed"})


def _window(zone: str, window: tuple[float, float]):
    return lambda net: net.window.update({zone: window})


def _tamper(tamper: Any, *addresses: str):
    return lambda net: net.tamper.update(dict.fromkeys(addresses or (FIRST, SECOND), tamper))


def _ds(change: Any):
    return lambda net: net.ds.update({ZONE: change})


def _other_digest(values: list[str]) -> list[str]:
    return [" ".join([*value.split()[:3], "ab" * 32]) for value in values]


def _unknown_algorithm(values: list[str]) -> list[str]:
    return [" ".join([value.split()[0], "200", *value.split()[2:]]) for value in values]


def _without(kind: str, owner: str = ""):
    """The zone without the signatures over this type, and without the records themselves where they are NSEC."""

    def tamper(text: str) -> str:
        lines = text.splitlines(keepends=True)
        pattern = re.compile(
            rf"{re.escape(owner)}\S*\s+\d+\s+IN\s+RRSIG\s+{kind}\s" if owner else rf"\sRRSIG\s+{kind}\s"
        )
        gone = re.compile(r"\sIN\s+NSEC\s") if kind == "NSEC" else None
        return "".join(line for line in lines if not pattern.search(line) and not (gone and gone.search(line)))

    return tamper


def _damaged(text: str) -> str:
    return re.sub(
        rf"({re.escape(CLICK)}\s+\d+\s+IN\s+RRSIG\s+CNAME\s.*\s)\S{{8}}(\S+)$",
        r"\1AAAAAAAA\2",
        text,
        flags=re.MULTILINE,
    )


def _broken_above(net: SignedInternet) -> None:
    net.window["test."] = EXPIRED


def _none(values: list[str]) -> list[str]:  # noqa: ARG001
    return []


def _unsigned(net: SignedInternet) -> None:
    net.signing = False


def _rate_limited(net: SignedInternet) -> None:
    net.signing, net.rate_limit = False, 10


def _sha1(net: SignedInternet) -> None:
    net.algorithm[ZONE] = ["-a", "RSASHA1", "-b", "2048"]


def _sha1_digest(net: SignedInternet) -> None:
    net.digest[ZONE] = "-1"


def _short_key(net: SignedInternet) -> None:
    net.algorithm[ZONE] = ["-a", "RSASHA256", "-b", "1024"]


def _iterations(net: SignedInternet) -> None:
    net.more[ZONE] = ["-n", "-t", "500", "-s", "ab"]


def signed(key: str, fault: str, ours: str = "", **rest: Any) -> Case:
    return case(key, fault, ours, **{"needs": "dnssec", "signed": True, "twin": "D40a", **rest})


CASES: tuple[Case, ...] = (
    signed("D40a", "signed from the root down, as it should be (knot, nsd)", healthy=True, needs="", declare=lambda: SIGNED),
    signed("D40b", "unsigned zone served by knot and nsd", healthy=True, needs="", change=_unsigned),
    signed("D46", "rate limiting at both servers (knot, nsd: 10 answers a second, every second one beyond cut short)", healthy=True,
           needs="", change=_rate_limited),
    signed("D40c", "every signature of the zone expired", "dns.dnssec-expired", change=_window(ZONE, EXPIRED),
           zonemaster="EXPIRED", dnsviz="EXPIRATION_IN_PAST", drill="[B], expired", delv="expired, broken trust chain, no valid"),
    signed("D40d", "signatures not valid yet", "dns.dnssec-not-yet-valid", change=_window(ZONE, EARLY),
           zonemaster="NOT_YET_VALID", dnsviz="INCEPTION_IN_FUTURE", drill="[B], not yet", delv="begin, broken trust chain, no valid"),
    signed("D40e", "the DS fits no key", "dns.dnssec-ds-mismatch", change=_ds(_other_digest),
           zonemaster="DS02_NO_MATCH, DS02_NO_VALID, DS02_NO_DNSKEY", dnsviz="DIGEST_INVALID, BOGUS", drill="[B], [S]", delv="broken trust chain, no valid, no DNSKEY"),
    signed("D40f", "the record's signature does not fit, at one server", "dns.dnssec-bogus", change=_tamper(_damaged, SECOND),
           dnsviz="SIGNATURE_INVALID", drill="[B]", delv="verify failed, no valid"),
    signed("D40g", "the record without its signature, at one server", "dns.dnssec-bogus",
           change=_tamper(_without("CNAME", CLICK), SECOND), dnsviz="MISSING_RRSIG", drill="[B], unsigned", delv="no valid, insecurity"),
    signed("D40h", "the DS names only an algorithm that nobody supports", "dns.dnssec-unsupported", change=_ds(_unknown_algorithm),
           zonemaster="ALGO_NOT_SUPPORTED, ALGO_RESERVED, DS02", dnsviz="ALGORITHM_NOT_SUPPORTED, FOR_ALG_DS"),
    signed("D40i", "no proof for names that do not exist (NSEC missing)", "dns.dnssec-bogus", change=_tamper(_without("NSEC")),
           zonemaster="DS10", dnsviz="MISSING_NSEC"),
    signed("D40j", "signatures of the zone above expired", "dns.dnssec-bogus dns.dnssec-insecure", change=_broken_above,
           dnsviz="EXPIRATION_IN_PAST", drill="[B], expired", delv="expired, broken trust chain, no valid", declare=lambda: SIGNED),
    signed("D40k", "signed, but the parent has no DS, and declared as signed", "dns.dnssec-unsigned", change=_ds(_none),
           declare=lambda: SIGNED, zonemaster="DNSKEY_BUT_NOT_DS, WITHOUT_DS", dnsviz="INSECURE", drill="[S], [U], No DS", delv="unsigned answer"),
    signed("D40l", "the zone's keys missing at one server", "dns.dnssec-bogus",
           change=_tamper(lambda text: "".join(line for line in text.splitlines(keepends=True) if "\tDNSKEY" not in line), SECOND),
           zonemaster="DNSKEY, DS08, DS02", dnsviz="DNSKEY_MISSING_FROM_SERVERS"),
    signed("X8", "signatures that end in six hours", "dns.dnssec-expires-soon", change=_window(ZONE, (-20.0, 0.25)), zonemaster="REMAINING_SHORT"),
    signed("X9", "signed with RSA and SHA-1", "dns.dnssec-weak", change=_sha1, zonemaster="ALGORITHM_DEPRECATED, ALGORITHM_NOT_RECOMMENDED",
           dnsviz="ALGORITHM_NOT_RECOMMENDED, ALGORITHM_PROHIBITED"),
    signed("X10", "signed with an RSA key of 1024 bits", "dns.dnssec-weak", change=_short_key, zonemaster="DNSKEY_SMALLER_THAN_REC, DNSKEY_TOO_SMALL"),
    signed("X14", "the DS has a digest of SHA-1 only", "dns.dnssec-weak", change=_sha1_digest, zonemaster="DS01", dnsviz="DIGEST_ALGORITHM"),
    signed("X11", "NSEC3 with 500 iterations", "dns.nsec3-iterations", change=_iterations, zonemaster="MANY_ITERATIONS, TOO_MANY_ITERATIONS"),
)  # fmt: skip
