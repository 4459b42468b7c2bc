"""Faults of a server, of a delegation, and of a resolver's cache."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dns.flags
import dns.message
import dns.rcode

from bench.compare.case import Case, case, declared, record
from bench.compare.world import CLICK, RESOLVER, ZONE, Careful, Internet, soa
from tests.faults import servers as faults
from tests.verify import servers
from tests.verify.servers import Honest
from tests.verify.world import EDGE_ADDRESS

OLD = "old.vendor.test."
SERVERS = ["ns1.example.test.", "ns2.example.test."]


class KnowsEveryVersion(Honest):
    """No BADVERS to a later version of EDNS: the query is answered as if the version were ours."""

    edns_version = 255


class Recursive(Honest):
    """Offers recursion to everybody, and finds every name."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        response.flags |= dns.flags.RA
        if response.rcode() == dns.rcode.REFUSED:
            response.set_rcode(dns.rcode.NXDOMAIN)
            self._add(response.authority, ".", "SOA", ["a.root. host. 1 1 1 1 1"])
        return response


class WithoutSoa(Honest):
    """Says that a name or type does not exist without the SOA that lets resolvers remember it."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if not response.answer:
            response.authority = []
        return response


class Cache(faults.ValidatingResolver):
    """A resolver that follows its CNAME for addresses."""

    addressed: frozenset[str] | set[str] = frozenset()

    def respond(self, query, name, record_type, *, tcp):
        if record_type == "A" and name in self.addressed:
            response = dns.message.make_response(query, recursion_available=True)
            self._add(response.answer, name, "A", [EDGE_ADDRESS])
            return response
        response = super().respond(query, name, "CNAME" if record_type == "A" else record_type, tcp=tcp)
        if record_type == "A" and response.answer:
            self._add(response.answer, response.answer[0][0].to_text(), "A", [EDGE_ADDRESS])
        return response


class DropsAddresses6(Honest):
    """Answers every type but AAAA (RFC 4074 §4.1)."""

    def respond(self, query, name, record_type, *, tcp):
        return None if record_type == "AAAA" else super().respond(query, name, record_type, tcp=tcp)


def _one(kind: type[Honest]):
    return (Honest, kind, Honest)


def _delegated(*names: str, glue: dict[str, str] | None = None):
    def change(net: Internet) -> None:
        net.tld.set(ZONE, "NS", [*SERVERS, *names])
        for name, address in (glue or {}).items():
            net.tld.set(name, "A", [address])

    return change


def _extra_in_the_zone(net: Internet) -> None:
    net.set_both(ZONE, "NS", [*SERVERS, "ns3.example.test."])
    net.set_both("ns3.example.test.", "A", ["127.61.3.1"])


def _other_glue(net: Internet) -> None:
    net.set_both("ns2.example.test.", "A", ["127.61.3.1"])


def _parents_disagree(net: Internet) -> None:
    for server in (net.root, net.tld):
        server.set("test.", "NS", ["a.nic.test.", "b.nic.test."])
        server.set("b.nic.test.", "A", ["127.61.1.2"])
    other = Careful()
    other.zones = {zone: {key: list(values) for key, values in rows.items()} for zone, rows in net.tld.zones.items()}
    other.set(ZONE, "NS", SERVERS[:1])
    net.loop.serve_dns(other, "127.61.1.2", net.port)


def _stale(net: Internet) -> None:
    net.second.set(ZONE, "SOA", [soa(ZONE, "ns1.example.test.", 2026112201)])
    net.second.set(CLICK, "CNAME", [OLD])


def _other_serials(net: Internet) -> None:
    net.second.set(ZONE, "SOA", [soa(ZONE, "ns1.example.test.", 7)])


def _one_server(net: Internet) -> None:
    for server in (net.tld, net.first, net.second):
        server.set(ZONE, "NS", SERVERS[:1])


def _one_address(net: Internet) -> None:
    for server in (net.tld, net.first, net.second):
        server.set("ns2.example.test.", "A", ["127.61.3.1"])


def _server_is_alias(net: Internet) -> None:
    net.set_both("ns2.example.test.", "A", None)
    net.set_both("ns2.example.test.", "CNAME", ["ns1.example.test."])


def _without_glue(net: Internet) -> None:
    net.tld.set("ns2.example.test.", "A", None)


def _short_expiry(net: Internet) -> None:
    net.set_both(ZONE, "SOA", ["ns1.example.test. hostmaster.example.test. 2026112202 14400 3600 7200 300"])


def _nobody(net: Internet) -> None:
    net.hints.write_text(".  3600000  NS  a.root.\na.root.  3600000  A  127.61.99.1\n")


def _resolver(values: list[str] | None, *, error: int | None = None):
    """A resolver in this state in the place of unbound."""

    def change(net: Internet) -> None:
        resolver = Cache()
        resolver.extended_error = error
        if values:
            resolver.answers[CLICK, "CNAME"] = values
            resolver.addressed = set(values)
        net.loop.serve_dns(resolver, RESOLVER, net.port)
        net.resolvers.append(resolver)

    return change


def _changed(**changes: object) -> dict[str, object]:
    now = datetime.now(UTC)
    before = {"record": "link/click", "values": [OLD], "ttl_seconds": 3600, "negative_ttl_seconds": 900}
    before |= {"changed_at": (now - timedelta(seconds=90)).isoformat(), **changes}
    return declared(record(changed_at=before["changed_at"]), zone={"propagation_seconds": 60}, previous=[before])


CASES: tuple[Case, ...] = (
    case("D3", "SERVFAIL from one server", "dns.server-failure", servers=_one(servers.Fails), needs="zone",
         zonemaster="CN01_UNEXPECTED_RCODE, UNEXPECTED_RCODE, A_UNEXPECTED_RCODE", dnsviz="INVALID_RCODE, SERVER_INVALID_RESPONSE", drill="rcode SERVFAIL"),
    case("D5a", "REFUSED by one server (lame)", "dns.lame-refused", servers=_one(servers.Refuses), needs="zone",
         zonemaster="CN01_UNEXPECTED_RCODE, UNEXPECTED_RCODE, IS_NOT_AUTHORITATIVE, CHILD_ZONE_LAME", dnsviz="INVALID_RCODE, SERVER_INVALID_RESPONSE", drill="rcode REFUSED"),
    case("D6", "one server refers upwards (lame)", "dns.lame-upward-referral", servers=_one(servers.RefersUpward), needs="zone",
         zonemaster="UPWARD_REFERRAL, IS_NOT_AUTHORITATIVE", dnsviz="UPWARD_REFERRAL"),
    case("D8", "one server answers nothing, without AA (lame)", "dns.lame-nonauth", servers=_one(servers.AnswersNothing), needs="zone",
         zonemaster="IS_NOT_AUTHORITATIVE, CN01_MISSING", dnsviz="NOT_AUTHORITATIVE"),
    case("D9", "the right value without AA from one server", "dns.non-authoritative", servers=_one(servers.ForgetsAuthority), needs="zone",
         zonemaster="IS_NOT_AUTHORITATIVE, NOT_AA", dnsviz="NOT_AUTHORITATIVE"),
    case("D14", "every answer over UDP cut short, TCP works", healthy=True,
         servers=(servers.CutsShort, servers.CutsShort, Honest)),
    case("D15a", "cut short, and no TCP, at one server", "dns.tcp-unreachable", servers=_one(servers.CutsShortWithoutTcp), needs="zone",
         zonemaster="CN02_NO_RESPONSE, NAMESERVER_NO_TCP_53", dnsviz="SERVER_UNRESPONSIVE_TCP, TCP, NETWORK_ERROR", drill="Error"),
    case("D15b", "no TCP at one server", "dns.tcp-unreachable", servers=_one(faults.WithoutTcp), needs="zone",
         zonemaster="CN02_NO_RESPONSE, NAMESERVER_NO_TCP_53", dnsviz="SERVER_UNRESPONSIVE_TCP, TCP, NETWORK_ERROR"),
    case("D22", "forged packets race the server (wrong id, other question)", healthy=True, servers=_one(servers.Spoofed)),
    case("D24", "answers without the question, from one server", "dns.malformed", servers=_one(faults.WithoutQuestion), needs="zone",
         zonemaster="CN01_NO_RESPONSE", dnsviz="SERVER_INVALID_RESPONSE, FORMERR, RESPONSE_ERROR", drill="Error"),
    case("D25", "the question's case not kept by one server", "dns.case-mangled", servers=_one(faults.LowersCase), needs="zone",
         zonemaster="QNAME_CASE_INSENSITIVE, CASE_QUER", dnsviz="CASE_NOT_PRESERVED"),
    case("D26", "FORMERR to EDNS from one server", "dns.edns-unsupported", servers=_one(servers.RefusesEdns), needs="zone",
         zonemaster="NO_EDNS_SUPPORT, BREAKS_ON_EDNS", dnsviz="ERROR_WITH_EDNS"),
    case("D27", "queries with EDNS vanish at one server", "dns.edns-dropped", servers=_one(faults.DropsEdns), needs="zone",
         zonemaster="BREAKS_ON_EDNS", dnsviz="ERROR_WITH_EDNS"),
    case("D28", "BADVERS to EDNS version 0 from one server", "dns.edns-unsupported", servers=_one(faults.RefusesEdnsVersion), needs="zone",
         zonemaster="EDNS_VERSION_ERROR, NO_EDNS_SUPPORT", dnsviz="ERROR_WITH_EDNS"),
    case("D29", "garbage from one server", "dns.malformed", servers=_one(faults.Garbage), needs="zone",
         zonemaster="CN01_NO_RESPONSE", dnsviz="SERVER_INVALID_RESPONSE, FORMERR", drill="Error"),
    case("D30a", "one server is silent", "dns.timeout", servers=_one(servers.Silent), needs="zone",
         zonemaster="CN01_NO_RESPONSE, NAMESERVER_NO_UDP_53", dnsviz="SERVER_UNRESPONSIVE_UDP", drill="Error"),
    case("D32a", "one server has an older serial and the old value", "dns.stale-secondary", needs="zone", change=_stale,
         declare=lambda: declared(zone={"transfer_group": "ours"}), zonemaster="MULTIPLE_SOA_SERIALS, SOA_SERIAL_VARIATION"),
    case("D32b", "unrelated serials of two DNS hosts, same values", healthy=True, change=_other_serials),
    case("D33a", "a server in the delegation where nobody listens", "dns.timeout", needs="zone",
         change=_delegated("ns9.example.test.", glue={"ns9.example.test.": "127.61.3.99"}),
         zonemaster="CN01_NO_RESPONSE, EXTRA_NAME_PARENT", dnsviz="SERVER_UNRESPONSIVE, SERVER_INVALID, NS_NAME_NOT_IN_CHILD"),
    case("D33b", "a server in the delegation whose name has no address", "dns.dangling-delegation", needs="zone",
         change=_delegated("ns.gone.test."), zonemaster="CAN_NOT_BE_RESOLVED, NO_RESOLUTION, EXTRA_NAME_PARENT",
         dnsviz="ERROR_RESOLVING_NS_NAME, NO_ADDRESS_FOR_NS_NAME"),
    case("D34a", "the zone names a server that the parent does not", "dns.delegation-mismatch", needs="zone", change=_extra_in_the_zone,
         zonemaster="EXTRA_NAME_CHILD", dnsviz="NS_NAME_NOT_IN_PARENT"),
    case("D34b", "glue other than the zone's own address", "dns.delegation-mismatch", needs="zone", change=_other_glue,
         zonemaster="IN_BAILIWICK_ADDR_MISMATCH, ADDR_MISMATCH", dnsviz="GLUE_MISMATCH"),
    case("D34c", "one of the parent's servers has an older delegation", "dns.parents-disagree", needs="zone", change=_parents_disagree),
    case("D47", "nothing answers from here (port 53 blocked)", "not-proven", needs="zone", change=_nobody,
         zonemaster="NO_NETWORK", dnsviz="NETWORK", drill="timed out, no servers"),
    case("D36", "a resolver still has the NXDOMAIN from before", "dns.missing-name", needs="resolver declaration",
         change=_resolver(None), declare=lambda: _changed(values=[], absent=True)),
    case("D37", "a resolver still has the old value, within its TTL", "dns.wrong-value", needs="resolver declaration",
         change=_resolver([OLD]), declare=_changed),
    case("D49", "a resolver filters the name (extended error 15)", "dns.filtered", needs="resolver",
         change=_resolver(None, error=15), delv="filter, EDE"),
    case("D50", "a resolver serves the old value past its TTL (extended error 3)", "dns.served-stale", needs="resolver declaration",
         change=_resolver([OLD], error=3), declare=lambda: _changed(ttl_seconds=10), delv="stale, EDE"),
    case("X1", "a single server in delegation and zone", "dns.one-server", needs="zone", change=_one_server, zonemaster="NOT_ENOUGH_NS, NOT_ENOUGH_IPV4"),
    case("X2", "both servers' names lead to one address", "dns.one-server", needs="zone", change=_one_address, zonemaster="SAME_IP"),
    case("X3", "a server's name is a CNAME", "dns.ns-is-cname", needs="zone", change=_server_is_alias, zonemaster="NS_IS_CNAME", dnsviz="NS_NAME"),
    case("X4", "one server offers recursion to everybody", "dns.open-recursion", needs="zone", servers=_one(Recursive), zonemaster="IS_A_RECURSOR"),
    case("X5", "SOA expire shorter than refresh", "dns.soa-expires-early", needs="zone", change=_short_expiry, zonemaster="EXPIRE"),
    case("X6", "one server answers EDNS version 1 as if it knew it", "dns.edns-version", needs="zone", servers=_one(KnowsEveryVersion),
         zonemaster="N10_EDNS", dnsviz="EDNS_VERSION"),
    case("X7", "negative answers without SOA from one server", "dns.negative-without-soa", needs="zone", servers=_one(WithoutSoa), dnsviz="MISSING_SOA"),
    case("X12", "no glue for one server's name inside the zone", "dns.missing-glue", needs="zone", change=_without_glue,
         zonemaster="GLUE, ADDR_MISMATCH", dnsviz="MISSING_GLUE"),
    case("X13", "questions for AAAA vanish at one server", needs="zone", servers=_one(DropsAddresses6),
         zonemaster="AAAA_QUERY_DROPPED", dnsviz="SERVER_UNRESPONSIVE, TIMEOUT"),
)  # fmt: skip
