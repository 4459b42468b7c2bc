"""DNS servers that misbehave in one way each, beside those of tests/verify/servers.py."""

from __future__ import annotations

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.verify.servers import CutsShort, Honest, Resolver


class DropsEdns(Honest):
    """A firewall before the server drops UDP with an OPT record."""

    def respond(self, query, name, record_type, *, tcp):
        return None if query.edns >= 0 and not tcp else super().respond(query, name, record_type, tcp=tcp)


class DropsEveryOther(Honest):
    """A busy path: every other packet over UDP is lost, whatever is in it."""

    count = 0

    def respond(self, query, name, record_type, *, tcp):
        self.count += not tcp
        return None if not tcp and self.count % 2 else super().respond(query, name, record_type, tcp=tcp)


class RefusesEdnsVersion(Honest):
    """BADVERS to EDNS version 0, which every implementation of EDNS has."""

    def respond(self, query, name, record_type, *, tcp):
        if query.edns < 0:
            return super().respond(query, name, record_type, tcp=tcp)
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.BADVERS)
        return response


class KnowsEveryEdns(Honest):
    """Answers a version of EDNS that does not exist as it answers version 0."""

    edns_version = 255


class KnowsNoEdns(KnowsEveryEdns):
    """Passes over the OPT record, whatever is in it."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        response.use_edns(-1)
        return response


class FailsForLaterEdns(KnowsEveryEdns):
    """A code that is no BADVERS, and no answer either."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if query.edns > 0:
            response.set_rcode(dns.rcode.FORMERR)
            response.answer = []
        return response


class DropsLaterEdns(KnowsEveryEdns):
    """A firewall before the server drops versions of EDNS that do not exist."""

    def respond(self, query, name, record_type, *, tcp):
        return None if query.edns > 0 and not tcp else super().respond(query, name, record_type, tcp=tcp)


class OffersRecursion(Honest):
    """Says so in every answer, and refuses what is not its own all the same."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        response.flags |= dns.flags.RA
        return response


class Recursive(OffersRecursion):
    """Looks up what is not its own, for whoever asks with RD."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if response.rcode() == dns.rcode.REFUSED and query.flags & dns.flags.RD:
            self.find(response, name)
        return response

    def find(self, response, name):
        response.set_rcode(dns.rcode.NXDOMAIN)
        self._add(response.authority, ".", "SOA", ["a.root. host. 1 1 1 1 1"])


class FindsEverything(Recursive):
    """A resolver that leads names that nobody has to a page of its own."""

    def find(self, response, name):
        response.set_rcode(dns.rcode.NOERROR)
        self._add(response.answer, name, "A", ["127.61.10.9"])


class RefersElsewhere(Recursive):
    """Tells where others may be asked, as old servers do; that is no look-up."""

    def find(self, response, name):
        response.set_rcode(dns.rcode.NOERROR)
        self._add(response.authority, ".", "NS", ["a.root."])


class LowersCase(Honest):
    """Sends the question back in lower case."""

    def packets(self, wire, *, tcp):
        packets = super().packets(wire, tcp=tcp)
        end = 12
        while wire[end]:
            end += wire[end] + 1
        return [packet[:12] + packet[12:end].lower() + packet[end:] for packet in packets]


class Garbage(Honest):
    """Our id and QR, then noise."""

    def packets(self, wire, *, tcp):
        return [wire[:2] + b"\x84\x00" + b"\xff" * 30]


class WithoutQuestion(Honest):
    """The answer without the question section."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        response.question = []
        return response


class WithoutTcp(Honest):
    listens_tcp = False


class FailsForAddresses(Honest):
    """Gives up on the way to an address: a chain that is too long, a target that it cannot flatten."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if record_type == "A" and name.startswith("url."):
            response.set_rcode(dns.rcode.SERVFAIL)
            response.answer = []
        return response


class LosesOneNameOverTcp(CutsShort):
    """Every answer is cut short, and over TCP all but one name are answered."""

    def respond(self, query, name, record_type, *, tcp):
        return None if tcp and name.startswith("url.") else super().respond(query, name, record_type, tcp=tcp)


class RateLimited(Honest):
    """RRL without slip: after a few answers over UDP to one client it drops; TCP always works."""

    allowed = 4

    def respond(self, query, name, record_type, *, tcp):
        if not tcp:
            self.allowed -= 1
            if self.allowed < 0:
                return None
        return super().respond(query, name, record_type, tcp=tcp)


class RefersBelow(Honest):
    """Delegates one name to a zone of its own."""

    name = ""

    def respond(self, query, name, record_type, *, tcp):
        if name != self.name:
            return super().respond(query, name, record_type, tcp=tcp)
        response = dns.message.make_response(query)
        self._add(response.authority, name, "NS", ["ns.elsewhere.test."])
        return response


class CompactDenial(Honest):
    """Says NOERROR for names that do not exist, and tells it in an NSEC to those that ask for signatures (RFC 9824)."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if response.rcode() == dns.rcode.NXDOMAIN:
            response.set_rcode(dns.rcode.NOERROR)
            if query.ednsflags & dns.flags.DO:
                self._add(response.authority, name, "NSEC", [f"\\000.{name} RRSIG NSEC NXNAME"])
        return response


class ValidatingResolver(Resolver):
    """Fails like a validating resolver: SERVFAIL, unless CD asks for what it holds back; AD as told."""

    gives_with_cd = False
    authentic: frozenset[str] = frozenset()

    def respond(self, query, name, record_type, *, tcp):
        if self.gives_with_cd and query.flags & dns.flags.CD:
            held, self.rcode = self.rcode, dns.rcode.NOERROR
            response = super().respond(query, name, record_type, tcp=tcp)
            self.rcode = held
            return response
        response = super().respond(query, name, record_type, tcp=tcp)
        if name in self.authentic and query.flags & dns.flags.AD:
            response.flags |= dns.flags.AD
        return response
