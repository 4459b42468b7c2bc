"""The verdicts about how servers, and the network on the way to them, carry DNS."""

from __future__ import annotations

from linkproof.verify.rules.finding_rule import FindingRule

TRANSPORT_RULES = (
    FindingRule("dns.tcp-unreachable", "error", "an answer is cut short and TCP to the same server fails; a warning where no answer is cut short yet", "TC over UDP, then no answer over TCP; SOA over TCP once for each address",
         "open TCP port 53 at the server and on the way", "RFC 7766 §5"),
    FindingRule("dns.edns-dropped", "warning", "questions with EDNS vanish on the way: every resolver waits for a time-out first", "three alternating pairs with and without EDNS (buffer 1232): only those without are answered",
         "let the firewall before the server pass DNS with EDNS", "RFC 6891 §7"),
    FindingRule("dns.edns-unsupported", "warning", "the server refuses EDNS, so DNSSEC and large answers are impossible", "FORMERR, NOTIMP or BADVERS with EDNS version 0, an answer without",
         "update the server: EDNS has been standard since 1999", "RFC 6891 §7"),
    FindingRule("dns.edns-version", "warning", "the server does not tell that it knows no later version of EDNS: a resolver that learns one would take wrong answers or wait for time-outs", "SOA with EDNS version 1 is answered as with version 0, with an OPT record and without BADVERS; or in three alternating pairs only version 0 is answered",
         "update the server, or let the firewall before it pass every version of EDNS", "RFC 6891 §6.1.3"),
    FindingRule("dns.open-recursion", "warning", "a server of the zone looks names up for everybody: it can be used to flood others, its cache can be filled by anybody, and both take the zone down with it", "RA in its SOA; then NXDOMAIN or an answer with RA and without AA, and no referral, to a question with RD for a random name below invalid.",
         "switch recursion off at the zone's servers, or allow it to your own networks alone", "RFC 5358 §4"),
    FindingRule("dns.case-mangled", "warning", "the server does not repeat the question's case: resolvers that use it against forgery ask again over TCP or fail", "the question's octets in the answer against those that were sent in mixed case",
         "update the server, or the load balancer before it", "https://datatracker.ietf.org/doc/html/draft-vixie-dnsext-dns0x20"),
    FindingRule("dns.malformed", "error", "the server's answers cannot be read", "only packets with our id came that are no DNS message or lack the question",
         "look at what listens on port 53 of that address", "RFC 1035 §4.1"),
    FindingRule("dns.slow", "warning", "a server answers so late that resolvers ask another one first", "over 2 s to every question, while another server answers within half of that",
         "look at that server's load and at the way to it", "RFC 1035 §7.2"),
    FindingRule("dns.intercepted", "warning", "something on the way answers DNS in the place of the servers that were asked, so nothing that they are said to answer counts", "an answer from 192.0.2.1, an address that nobody has",
         "run from a network that lets port 53 pass, or give --resolver tls://… or https://…", "RFC 5737 §3"),
)  # fmt: skip
