"""Reasons of the rules that are applied elsewhere: by the reader, the form and the comparison of two declarations."""

from __future__ import annotations

from linkproof.declaration.rules.registry import reason

# the file and the reader
reason("file.unreadable", because="what cannot be read cannot be checked")
reason("yaml.size", because="a declaration of thousands of links has less than 1 MiB; a larger file is not one")
reason("yaml.encoding", because="YAML 1.2 §5.2; one encoding, so that a name looks the same to everybody: UTF-8")
reason(
    "yaml.character", because="YAML 1.1 §5.1; control characters hide from the eye and end up in names and terminals"
)
reason("yaml.tab", because="YAML 1.2 §6.1: tabs do not indent")
reason("yaml.syntax", because="YAML 1.2")
reason("yaml.empty", because="an empty file would declare that nothing exists, which destroys everything")
reason("yaml.not-a-mapping", because="a declaration is keys and values")
reason("yaml.documents", because="only the first of several documents would be read, and the rest lost in silence")
reason(
    "yaml.alias",
    because="aliases can expand without bound, and a value that is written elsewhere has no place of its own",
)
reason("yaml.tag", because="a tag can build any object; the schema already knows each value's type")
reason("yaml.merge-key", because="YAML 1.2 has no merge keys; a merged value has no place of its own")
reason("yaml.key", because="a key is a word for people; lists, mappings and null cannot be said in a path")
reason("yaml.duplicate-key", because="YAML 1.2 §3.2.1.3: keys are unique; readers disagree on which one wins")
reason("yaml.depth", because="a declaration has five levels; deeper nesting is an attack or an accident")
reason("yaml.nodes", because="time and memory are bounded")
reason("yaml.problems", because="time and memory are bounded")

# the form
reason("shape.unknown-key", because="an ignored key is a silent mistake: what it was meant to say does not happen")
reason("shape.missing-key", because="nothing is guessed that decides where traffic goes")
reason("shape.value", because="each key has one type; YAML's own guesses (no, 0123, 1e3) are not used")
reason("shape.key", because="keys are used in paths and on command lines")
reason("edge.not-supported-yet", because="only edges that can be both provisioned and proved are accepted")
reason(
    "sender.said-twice",
    because="a sender's region and account are one account's: said in two places, they would come to differ",
)
reason("edge.not-known", because="nothing is known here of what this edge does, so nothing could be proved of it")
reason("sender.not-known", because="nothing is known here of this sender's hosts, so nothing could be proved of them")
reason(
    "tracking.not-known",
    because="another measurement service has a target, a certificate and a way of its own; KARTE's would break it",
)
reason("zones.dns-not-known", because="a zone whose DNS host has no API here can still be declared, printed and proved")
reason(
    "names.host-name",
    because="RFC 1035 §2.3.4 (63 octets per label, 253 per name), RFC 1123 §2.1, RFC 5891 (IDNA 2008)",
)
reason("names.a-label", because="RFC 5891 §4.2: xn-- is reserved for labels that decode to Unicode")
reason("names.wildcard", because="KARTE refuses wildcard certificates, and senders validate one exact host")
reason("zones.twice", because="a zone has one owner; example.com, EXAMPLE.com and an IDN's two forms are the same name")
reason(
    "tracking.never-proxied",
    because="KARTE terminates TLS with the certificate uploaded to it; a proxy in front breaks both",
)
reason(
    "past.host-early",
    because="KARTE builds the host in for about two business days first: until then nobody answers for it (CNAME Tracking guide)",
)
reason(
    "past.host-taken-back",
    because="all tracking stops while the record is away; a renewed certificate needs no change of DNS (CNAME Tracking guide)",
)
reason(
    "secrets.value",
    because="a declaration is read by everybody who reads the repository; secrets live in Pulumi config or the environment",
)

# the stack's config
reason(
    "accounts.unknown",
    because="what an account means is in the stack's config; without it a preview ends in the middle, with half a plan",
)

# the past
reason(
    "past.phase-step",
    because="each phase proves what the next one relies on: one step per deployment, forwards or back",
)
reason(
    "past.leaves-only-branded",
    because="mail already sent keeps its links: a click host may leave only when it is back at the sender",
)
reason(
    "past.edge-change",
    because="an edge in use is replaced only after the click host has left it for longer than its TTL",
)
reason(
    "past.zone-moves",
    because="a record that moves to another zone, account or DNS host is deleted and made again: the name is gone in between",
)
reason(
    "past.own-https",
    because="where the sender terminates HTTPS itself, that is a part of the link at the sender: its records and its target are others",
)
reason("past.rulesets", because="a ruleset that is let go is deleted whole: live links would lose their rules")
reason(
    "past.account",
    because="another sender, region or owner host is another brand: it is validated in branded, before anything relies on it",
)
