"""One thing is named once: where two comparisons see the same, the nearer to the cause names it, and the other is told beneath."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from linkproof.drift import world
from linkproof.drift.about import About
from linkproof.drift.baseline import Acceptance
from linkproof.drift.model import Item

_OF_RECORDS = ("CNAME", "A", "AAAA", "TXT", "MX", "NS")


def merged(
    code: Sequence[Item],
    cloud: Sequence[Item],
    outside: Sequence[Item],
    about: About,
    accepted: Sequence[Acceptance] = (),
) -> tuple[Item, ...]:
    """All items, each thing once.

    Args:
        accepted: what is seen outside is never hidden below what somebody accepted, but for the accepted record's own.
    """

    def is_accepted(one: Item) -> bool:
        return any(entry.accepts(one) for entry in accepted)

    found = [item if item.links else replace(item, links=about.resource(item.subject)) for item in (*code, *cloud)]
    unknown = [item for item in outside if item.kind == "could not check"]
    for item in outside:
        if item.kind == "could not check":
            continue
        cause = _cause(found, item, about, is_accepted)
        if cause is None:
            found.append(item)
        else:
            one = found[cause]
            found[cause] = replace(one, seen=(*one.seen, world.line(item)), place=one.place or item.place)
    return (
        *found,
        *_by_reason(
            [item for item in unknown if not _is_said(item, [one for one in found if not is_accepted(one)], about)]
        ),
    )


def _is_said(item: Item, found: Sequence[Item], about: About) -> bool:
    """That nobody could ask about what is known to be wrong: the record itself, its zone, or a deployment that is not whole."""
    known = [one for one in found if one.kind != "could not check"]
    if item.subject == world.DEPLOYMENT:
        return any(one.comparison != world.COMPARISON for one in known)
    zones = [one for one in known if one.comparison == world.COMPARISON and one.subject in about.zones]
    in_zone = any(item.links and set(item.links) <= set(zone.links) for zone in zones)
    return in_zone or any(one.subject == item.subject for one in known)


def _by_reason(unknown: Sequence[Item]) -> Iterator[Item]:
    """A network that is down is one line, however much cannot be asked through it."""
    reasons: dict[str, list[str]] = {}
    for item in unknown:
        reasons.setdefault(item.subject, []).append(item.why)
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in unknown:
        groups.setdefault(tuple(dict.fromkeys(reasons[item.subject])), []).append(item)
    for why, group in groups.items():
        links = tuple(dict.fromkeys(key for item in group for key in item.links))
        subjects = world.some(item.subject for item in group)
        yield replace(group[0], subject=subjects, why="; ".join(why), links=links)


def _cause(found: Sequence[Item], item: Item, about: About, is_accepted: Callable[[Item], bool]) -> int | None:
    """The index of what another comparison found and what explains this; None where nothing does."""
    known = [
        n for n, one in enumerate(found) if one.comparison != world.COMPARISON and one.kind in ("drift", "missing")
    ]
    known = [n for n in known if found[n].path != "protect"]
    own = [n for n in known if found[n].subject == item.subject]
    if own:
        same = next((n for n in own if found[n].path.lower() in item.path), None)
        # what somebody accepted of a record hides nothing else that is seen of it
        return same if same is not None else next((n for n in own if not is_accepted(found[n])), None)
    if item.type in _OF_RECORDS or item.subject in about.resource_of.values():
        return None  # a record is explained by itself alone: another's drift is none of its business
    near = [n for n in known if set(found[n].links) & set(item.links) and not is_accepted(found[n])]
    # the nearest: what is about the fewest links
    return min(near, key=lambda n: len(found[n].links), default=None)
