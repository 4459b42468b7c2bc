"""The guard's rules: an id and its reason, which `linkproof explain` says."""

from __future__ import annotations

from typing import Final

from linkproof import registry

_CORE: Final = {
    "phase.skipped": "each phase proves what the next one relies on: one step per deployment, forwards or back",
    "phase.leaves-in-use": "a link leaves the declaration only from branded: its edge would go with its record",
    "phase.edge-changed": (
        "an edge in use is exchanged only for one that a finished deployment got ready beside it (`standby`), and stays in that one's"
        " place: otherwise clicks would meet one that is not ready, or is gone"
    ),
    "phase.edge-account": (
        "such a CDN (CloudFront) gives a host to one object, whoever owns it: while the old account's holds it, the new one's"
        " is refused, half-way through the deployment"
    ),
    "phase.edge-still-in-use": "an edge is torn down only when no resolver can still lead a click to it",
    "phase.edge-draining": (
        "after TTL and propagation people still come to the old edge: resolvers that serve stale answers do so at their next click, days"
        " later, and kept connections are never looked up again. So it stays for `drain` of its entry, or until its own counter says that"
        " nobody but we ourselves came for a day"
    ),
    "phase.edge-still-served": (
        "an edge is torn down only when every authoritative server has left it: the state says what was asked for, and an"
        " interrupted deployment or a person may have done something else"
    ),
    "phase.edge-not-asked": "nothing is torn down on the word of servers that did not answer",
    "phase.unproven": (
        "clicks are led to an edge only on a proof of the last hour that it answers for the host with the right certificate, over both"
        " schemes, and forwards what it must. Where no edge answers before (Cloudflare), its certificate and rules are read instead"
    ),
    "phase.alias": "an alias becomes a CNAME in a deployment of its own, so that each step of a link is one change of one record",
    "move.alias-pair": (
        "an alias with addresses of both families is two records, and a CNAME stands beside neither (RFC 1034 §3.6.2). One call"
        " changes all three together, so that the name is never without an answer: `aws route53 change-resource-record-sets"
        " --hosted-zone-id ZONE --change-batch file://batch.json`, whose `Changes` are DELETE of the A and of the AAAA record set, each"
        " as `list-resource-record-sets` shows it, and CREATE of the CNAME with the distribution's name"
    ),
    "move.zone": (
        "a record that moves to another zone, account or DNS host is deleted and made again: the name is gone in between,"
        " for as long as resolvers remember that, and at the new host it may exist already. A link at the zone's own proxy is led to"
        " another edge first: the proxy goes with the zone (docs/moving.md)"
    ),
    "move.sender": (
        "a sender's region, its endpoint or another sender is another account with a brand of its own: origin and owner record would"
        " move in one go, before anybody has validated it; and a host is one account's at a time"
    ),
    "move.own-https": (
        "where the sender terminates HTTPS itself, that is a part of the link at the sender: another target serves it, and the records"
        " of its certificate stand beside it"
    ),
    "move.kept-until": "mail already sent has the old host in it: its links work until the day that `successor` of the link names",
    "move.two-senders": "one host cannot serve two senders: its one CNAME leads to one, which does not know the links of the other",
    "move.ttl-too-long": (
        "how long a step takes to be taken back is the TTL of the record that it makes: an hour at most while an edge is new to its clicks"
    ),
    "move.owner": "the sender validates both CNAMEs: without the old owner host a link in use loses its brand",
    "move.protected": "the engine refuses to delete what is protected: in the middle of a deployment, unless it previews first",
    "preview.protected": "the engine refuses to delete what is protected, and by then has carried out what it met before",
    "preview.in-use": (
        "a replacement deletes and makes again: a click record or an edge that clicks are led to would be gone in between, and what"
        " resolvers learn of that they keep"
    ),
    "preview.many": (
        "a deployment that changes or deletes more than 30 % of ten records or more is rarely what was meant: a wrong file, a wrong"
        " stack, a state that was lost. `linkproof deploy --allow preview.many` says that it is"
    ),
    "preview.unordered": (
        "a record and what it leads to are deleted at the same time where nothing orders them: if the record goes last, it leads for a"
        " moment to a name that anybody can take"
    ),
    "preview.not-ours": "a record that is led to an edge which is not in this stack's state gives the clicks to whoever has that edge",
    "tracking.host-new": "KARTE builds a host in for about two business days first: until then nobody answers for it",
    "tracking.host-in-use": "all tracking stops while the record is away",
    "state.unknown-type": "what this version cannot read may be a record or an edge in use",
}

RULES: Final = _CORE | {
    rule: because
    for plugin in registry.plugins()
    if plugin.guard is not None
    for rule, because in plugin.guard.RULES.items()
}
