"""What DNS says of the names that others lead to: whether they have an address, and whether their domain is registered at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linkproof.dangling.judge import Target
from linkproof.registrable import hsts_parents

if TYPE_CHECKING:
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.options import VerifyOptions

_CLAIMABLE: Final = Path(__file__).parents[1] / "data" / "claimable.yaml"


def look_up(names: Sequence[str], options: VerifyOptions) -> dict[str, Target]:
    """Each name, without trailing dot.

    Raises:
        LinkproofError: the hints file is unusable. What servers do never raises.
    """
    from linkproof.verify.asking import with_walker

    wanted = list(dict.fromkeys(names))
    return with_walker(options, lambda walker: _ask(walker, wanted)) if wanted else {}


async def _ask(walker: Walker, names: list[str]) -> dict[str, Target]:
    from linkproof.verify.observe.concurrency import concurrent_map

    found = await concurrent_map(names, lambda name: _address(walker, name))
    lost = [name for name, one in zip(names, found, strict=True) if one.status == "missing"]
    domains = {name: registrable(name) for name in lost}
    asked = list(dict.fromkeys(domains.values()))
    answers = await concurrent_map(asked, lambda name: walker.resolve_anywhere(f"{name}.", "SOA"))
    unregistered = {name for name, one in zip(asked, answers, strict=True) if _is_no_name(one)}
    return {
        name: Target(
            "found" if one.status == "found" else "missing" if one.status == "missing" else "unknown",
            claim(name) if one.status == "missing" else "",
            domains.get(name) in unregistered,
        )
        for name, one in zip(names, found, strict=True)
    }


async def _address(walker: Walker, name: str) -> Resolved:
    """What A says; where it says that there is none, what AAAA says: a name may be reached over IPv6 alone."""
    over_ipv4 = await walker.resolve_anywhere(f"{name}.", "A")
    if over_ipv4.status != "missing":
        return over_ipv4
    return await walker.resolve_anywhere(f"{name}.", "AAAA")


def _is_no_name(resolved: Resolved) -> bool:
    """NXDOMAIN for the registrable domain itself: not only that it has no record of a type."""
    return resolved.status == "missing" and getattr(resolved.last, "rcode", "") == "NXDOMAIN"


def registrable(name: str) -> str:
    """The registrable domain by the public suffix list; the name itself where it is one."""
    return (*hsts_parents(name), name)[len(hsts_parents(name)) - 1] if hsts_parents(name) else name


def claim(name: str) -> str:
    """At whose service anybody may take the name while nothing is there, with the source; empty where that is not known."""
    return next((f"{title} ({source})" for below, title, source in _claimable() if name.endswith(f".{below}")), "")


@cache
def _claimable() -> tuple[tuple[str, str, str], ...]:
    import yaml

    entries = yaml.safe_load(_CLAIMABLE.read_text("utf-8"))
    return tuple((entry["below"], entry["title"], entry["source"]) for entry in entries)
