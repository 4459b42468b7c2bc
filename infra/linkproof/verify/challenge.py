"""What a CA will see of a host before it issues: its CAA, and the TXT that answers a dns-01 challenge (RFC 8555 §8.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.options import VerifyOptions


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a CA looks for a text.

    Args:
        chain: the name and the targets of its CNAMEs, with trailing dots; the text stands at the last.
        zone: that its servers really hold the last name in, with trailing dot.
        problem: why that could not be found out; empty where it could.
    """

    chain: tuple[str, ...]
    zone: str = ""
    problem: str = ""


def find_text_place(name: str, options: VerifyOptions) -> TextPlace:
    """Follow the name's CNAMEs, as a CA does, and find the zone at their end.

    Args:
        name: without trailing dot.
    """
    from linkproof.verify.asking import with_walker

    return with_walker(options, lambda walker: _place(walker, f"{name}."))


def not_served(chain: Sequence[str], text: str, options: VerifyOptions) -> list[str]:
    """Every server that would not lead a CA to the text, each with what it says instead; empty where all do.

    Args:
        chain: of `find_text_place`.
    """
    from linkproof.verify.authorities import not_serving

    wanted = [(name, "CNAME", target) for name, target in pairwise(chain)]
    return not_serving([*wanted, (chain[-1], "TXT", text)], options)


def find_caa(host: str, options: VerifyOptions) -> tuple[Resolved, ...]:
    """The CAA set that decides for a host, then those that other servers would let decide.

    Args:
        host: without trailing dot.
    """
    from linkproof.verify.asking import with_walker
    from linkproof.verify.observe.dns.caa import observe_caa

    return with_walker(options, lambda walker: observe_caa(walker, f"{host}."))


async def _place(walker: Walker, name: str) -> TextPlace:
    found = await walker.resolve(name, "TXT")
    if found.status in {"loop", "unknown"}:
        return TextPlace(found.chain, problem=found.detail)
    cut = await walker.cut_of(found.chain[-1])
    return TextPlace(found.chain, cut.name, "" if walker.usable(cut) else f"no server of {cut.name} has an address")
