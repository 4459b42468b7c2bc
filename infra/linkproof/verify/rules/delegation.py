"""The verdicts about how a zone is delegated and looked after: nobody is hurt yet, so warnings."""

from __future__ import annotations

from linkproof.verify.rules.finding_rule import FindingRule

DELEGATION_RULES = (
    FindingRule("dns.missing-glue", "warning", "the parent gives no address for a server whose name is inside the zone: nobody reaches it before another server of the zone has told its address", "the referrals of the parent's servers against the addresses that the zone's own servers give",
         "give the registrar the server's addresses (a host object, or glue)", "RFC 9471 §3.1"),
    FindingRule("dns.negative-without-soa", "warning", "a server says that a name does not exist and gives no SOA with it: nobody may remember that, so every question comes again, and a record made later is not seen by a known time", "NXDOMAIN or an empty answer with AA for a random name, without SOA in the authority section",
         "update the server, or the load balancer before it", "RFC 2308 §3"),
    FindingRule("dns.ns-is-cname", "warning", "a listed server's name is a CNAME: some resolvers do not follow it and never ask that server", "the A query for each NS name, which was asked for its address anyway",
         "give the server's name addresses of its own, or list the name that the CNAME leads to", "RFC 2181 §10.3"),
    FindingRule("dns.one-server", "warning", "a single server answers for the zone: while it is down or cut off, nobody finds a name of it", "the server names in the delegation and in the zone, and the addresses that they lead to: one name, or one address for all of them in each family",
         "add a second server at another network, and list it at the registrar and in the zone", "RFC 2182 §5"),
    FindingRule("dns.soa-expires-early", "warning", "secondaries drop the zone before they have asked for it again", "expire and refresh in the SOA",
         "set expire to two to four weeks, and far above refresh and retry together", "RFC 1912 §2.2"),
)  # fmt: skip
