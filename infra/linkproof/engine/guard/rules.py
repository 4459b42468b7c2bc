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
    "phase.edge-still-served": (
        "an edge is torn down only when every authoritative server has left it: the state says what was asked for, and an"
        " interrupted deployment or a person may have done something else"
    ),
    "phase.edge-not-asked": "nothing is torn down on the word of servers that did not answer",
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
    "move.owner": "the sender validates both CNAMEs: without the old owner host a link in use loses its brand",
    "move.protected": "the engine refuses to delete what is protected: in the middle of a deployment, unless it previews first",
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
