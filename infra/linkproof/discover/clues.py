"""What one host is, from its records, from edges that answer for it, and from how it looks from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkproof import registry
from linkproof.contract.seen import SeenEdge, SeenRecord, SeenZone
from linkproof.discover.model import HostSeen
from linkproof.known import Known, known_name, title_of
from linkproof.show import show


@dataclass(frozen=True, slots=True)
class Clue:
    """What a host is, as far as it was told.

    Args:
        sender: a plug-in that can be declared; empty where nothing told it, as with `edge` and `phase`.
        tracking: a tracking service, in place of a sender.
        target: what it leads to.
        edge_target: the name of the edge that has it and does not serve it yet.
        families: of the alias that leads to the edge in place of a CNAME; empty where it is none that can be declared.
    """

    host: str
    sender: str = ""
    region: str = ""
    tracking: str = ""
    edge: str = ""
    phase: str = ""
    target: str = ""
    edge_target: str = ""
    ttl_seconds: int | None = None
    comments: tuple[str, ...] = ()
    families: tuple[int, ...] = ()


class _RefusedError(Exception):
    """The host cannot be an entry; the words say why."""


def clue_of(
    host: str, records: Sequence[SeenRecord], edges: Sequence[SeenEdge], looked: HostSeen | None, zone: SeenZone | None
) -> tuple[Clue, str]:
    """The clue, or an empty one and why this is no entry."""
    try:
        return _clue(host, records, edges, looked, zone), ""
    except _RefusedError as refused:
        return Clue(host), str(refused)


def _clue(
    host: str, records: Sequence[SeenRecord], edges: Sequence[SeenEdge], looked: HostSeen | None, zone: SeenZone | None
) -> Clue:
    record = _one(records)
    target = record.target if record is not None else (looked.target if looked is not None else "")
    known = known_name(target) if target else None
    comments: list[str] = list(looked.notes) if looked is not None else []
    if known is not None and known.kind == "other":
        raise _RefusedError(f"{known.title}, which cannot be declared")
    if known is not None and known.kind == "tracking":
        return _tracking(host, known, record)
    edge = _edge(record, known, zone, looked)
    behind = _sender(known, edges, looked)
    if known is not None and known.kind == "sender" and edge == "":
        _only_plain(known)
    sender, region = behind
    phase = "live" if edge else ("branded" if known is not None and known.kind == "sender" else "")
    if looked is not None and looked.is_managed:
        raise _RefusedError(_own_https(looked.sender, looked.sender_title or looked.sender))
    edge_target = ""
    if looked is not None and looked.phase and record is not None and phase and looked.phase != phase:
        comments.append(f"decide: the records say {phase}, from outside it looks {looked.phase}")
        phase = ""
        edge = edge or _declarable_edge(looked)
    elif looked is not None and not phase:
        phase = looked.phase
    families = _alias_families(records, zone, edge) if phase == "live" else ()
    if record is not None and record.is_alias and not families:
        comments.append(
            "decide: an alias record serves it; a declared click host is a CNAME, so the deployment will be refused until that is gone"
        )
    if phase == "branded" and not edge and (ready := [one for one in edges if host in one.hosts]):
        edge, phase, edge_target = ready[0].provider, "ready", ready[0].target
        comments.append(
            f"{title_of('edge', edge)} has it already ({show(ready[0].target)}), and it still leads to the sender"
        )
    if phase == "live":
        comments.append("decide: `secured`, if the sender already writes its links with https")
    shared = {name for one in edges for name in one.hosts} - {host}
    if edge and shared and registry.edge(edge).facts.HAS_ACCOUNT:
        comments.append(
            f"its {title_of('edge', edge)} also answers for {_some(sorted(shared))}; declared, each link has its own"
        )
    ttl = None if record is None or record.is_alias or record.is_proxied else record.ttl_seconds
    return Clue(host, sender, region, "", edge, phase, target, edge_target, ttl, tuple(comments), families)


def _one(records: Sequence[SeenRecord]) -> SeenRecord | None:
    """The one record that there is, whatever its families."""
    if not records:
        return None
    doubt = next((record.doubt for record in records if record.doubt), "")
    if doubt:
        raise _RefusedError(doubt)
    if len({(record.target, record.is_alias, record.is_proxied) for record in records}) > 1:
        raise _RefusedError("sources disagree about it; give the one that is served")
    return records[0]


def _alias_families(records: Sequence[SeenRecord], zone: SeenZone | None, edge: str) -> tuple[int, ...]:
    """Of an alias that can be declared: its DNS host has such records, and they lead to this edge."""
    families = tuple(sorted({family for record in records for family in record.families}))
    can_be = zone is not None and zone.dns and edge in registry.dns(zone.dns).facts.ALIASES
    return families if can_be and 4 in families else ()


def _only_plain(known: Known) -> None:
    if known.is_managed:
        raise _RefusedError(_own_https(known.plugin, known.title))
    if known.is_own:
        raise _RefusedError(f"{known.title}'s own host for links without a brand, which cannot be declared")


def _own_https(sender: str, title: str) -> str:
    """Its records' values are at the sender alone, for nobody reads TXT records here."""
    if sender in registry.SENDERS and registry.sender(sender).is_complete:
        return f"{title} terminates HTTPS itself: write it by hand, with `edge: managed`, and in `own_https` the records that its page shows beside the host, if any"
    return f"{title} terminates HTTPS itself, which cannot be declared yet"


def _tracking(host: str, known: Known, record: SeenRecord | None) -> Clue:
    if not registry.tracking(known.plugin).is_complete:
        raise _RefusedError(f"{known.title}, which no plug-in can declare yet")
    if record is not None and (record.is_proxied or record.is_alias):
        how = "proxied" if record.is_proxied else "an alias"
        raise _RefusedError(f"{known.title}, and the record is {how}: such a host must be a plain CNAME to be declared")
    ttl = record.ttl_seconds if record is not None else None
    return Clue(host, tracking=known.plugin, target=record.target if record is not None else "", ttl_seconds=ttl)


def _edge(record: SeenRecord | None, known: Known | None, zone: SeenZone | None, looked: HostSeen | None) -> str:
    """The edge that answers; empty where the sender does.

    Raises:
        _RefusedError: it is one that cannot be declared here.
    """
    if record is not None and record.is_proxied:
        proxy = registry.dns(zone.dns).facts.PROXY if zone is not None and zone.dns else None
        if known is not None and known.kind == "edge":
            raise _RefusedError(
                f"proxied by its DNS host, with {known.title} behind that: two edges cannot be declared"
            )
        if proxy is None:
            raise _RefusedError("proxied by its DNS host, and nothing told which one that is")
        return proxy
    if known is not None and known.kind == "edge":
        if not registry.edge(known.plugin).is_complete:
            raise _RefusedError(f"served by {known.title}, which no plug-in can declare yet")
        if not registry.edge(known.plugin).facts.HAS_ACCOUNT:
            raise _RefusedError(f"served by {known.title} from a zone of another DNS host, which cannot be declared")
        return known.plugin
    if looked is not None and looked.edge and record is None:
        return _declarable_edge(looked)
    return ""


def _declarable_edge(looked: HostSeen) -> str:
    if not looked.edge:
        return ""
    if looked.edge not in registry.EDGES or not registry.edge(looked.edge).is_complete:
        raise _RefusedError(f"served by {looked.edge_title or looked.edge}, which no plug-in can declare yet")
    return looked.edge


def _sender(known: Known | None, edges: Sequence[SeenEdge], looked: HostSeen | None) -> tuple[str, str]:
    """Plug-in and region of the sender that is behind the host; empty where nothing told, or sources disagree.

    Raises:
        _RefusedError: it is one that cannot be declared.
    """
    if known is not None and known.kind == "sender":
        _only_plain(known)
        told = {(known.plugin, known.region): known.title}
    else:
        origins = [found for edge in edges for origin in edge.origins if (found := known_name(origin)) is not None]
        told = {(one.plugin, one.region): one.title for one in origins if one.kind == "sender" and not one.is_own}
        if looked is not None and looked.sender and not told:
            told = {(looked.sender, looked.region): looked.sender_title or looked.sender}
    if len(told) != 1:
        return "", ""
    ((name, region), title), *_ = told.items()
    if name not in registry.SENDERS or not registry.sender(name).is_complete:
        raise _RefusedError(f"links of {title}, which no plug-in can declare yet")
    if region and region not in {one for _, one in registry.sender(name).plan.targets()}:
        raise _RefusedError(
            f"{title}, region {region}, whose target a link cannot say: declare the account under `senders:`"
        )
    return name, region


def _some(names: list[str]) -> str:
    return ", ".join(show(name) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
