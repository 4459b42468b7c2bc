"""The verdicts about DNSSEC."""

from __future__ import annotations

from linkproof.verify.rules.finding_rule import FindingRule

DNSSEC_RULES = (
    FindingRule("dns.dnssec-bogus", "error", "a signature is missing or does not fit: validating resolvers give no answer at all", "DS of the parent → DNSKEY → RRSIG of the answer, at each server; likewise NSEC or NSEC3 with RRSIG, and every step of their proof, for a random name that does not exist and beside a record that a wildcard gives; at a resolver SERVFAIL that CD=1 turns into an answer, in a zone with DS alone",
         "let the DNS host sign the zone again; until then take the DS out at the registrar", "RFC 4035 §5.3"),
    FindingRule("dns.dnssec-expired", "error", "a signature has expired: validating resolvers give no answer at all", "the expiration of the RRSIG against the clock",
         "let the signer run again, and watch that it does; a secondary with an old copy needs a transfer", "RFC 4034 §3.1.5"),
    FindingRule("dns.dnssec-not-yet-valid", "error", "a signature is not valid yet: validating resolvers give no answer at all", "the inception of the RRSIG against the clock",
         "correct the signer's clock (and this machine's)", "RFC 4034 §3.1.5"),
    FindingRule("dns.dnssec-expires-soon", "warning", "a signature ends soon and nobody has renewed it: from then on validating resolvers give no answer at all", "of the longest signature by a key of the zone less than 3 days and less than a twelfth of its lifetime are left (RRSIG of SOA, DNSKEY and the record)",
         "look at the signer: those that work renew earlier; a secondary with an old copy needs a transfer", "RFC 6781 §4.4.2"),
    FindingRule("dns.dnssec-ds-mismatch", "error", "no key of the zone fits the DS at the parent: validating resolvers give no answer at all", "every DNSKEY's digest against every DS",
         "give the registrar the DS of the key in use; after a move to another DNS host delete the old DS first", "RFC 4035 §5.2"),
    FindingRule("dns.dnssec-unsupported", "warning", "the DS names only algorithms that validators do not support, so the zone counts as unsigned", "the algorithms of the DS set",
         "sign with ECDSA P-256 (13) or Ed25519 (15)", "RFC 8624 §3"),
    FindingRule("dns.dnssec-weak", "warning", "the zone is signed with what validators no longer count, or with a key that can be broken: it is signed for nothing", "a DS set of RSA with SHA-1 (5, 7) alone, or of SHA-1 digests alone; an RSA key below 2048 bits that signs the SOA or the keys",
         "sign with ECDSA P-256 (13), and give the registrar its DS with a SHA-256 digest (2)", "RFC 9905 §2"),
    FindingRule("dns.dnssec-unsigned", "error", "the zone is declared as signed and its parent has no DS", "DS at the parent",
         "switch DNSSEC on at the DNS host and give the DS to the registrar", "RFC 4035 §5.2"),
    FindingRule("dns.dnssec-signed", "error", "the zone is declared as unsigned and its parent has a DS", "DS at the parent",
         "take the DS out at the registrar, or declare the zone as signed", "RFC 4035 §5.2"),
    FindingRule("dns.dnssec-insecure", "error", "the zone is declared as signed and a validating resolver does not find its answers authentic: the chain is broken further up", "AD=0 for the record, AD=1 for the root, at a resolver over loopback, TLS or HTTPS",
         "look for a zone above without DS", "RFC 4035 §3.2.3"),
    FindingRule("dns.nsec3-iterations", "warning", "the zone's denials cost so many rounds of hashing that resolvers give up and take the zone for unsigned", "more than 50 iterations in the NSEC3 of the denial of a random name (BIND's limit; others have 100 or 150)",
         "sign with 0 iterations and without salt, or with NSEC", "RFC 9276 §3.2"),
)  # fmt: skip
