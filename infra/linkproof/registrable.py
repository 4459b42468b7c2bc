"""Where a host's registrable domain begins, and whose HSTS policy reaches the host (RFC 6797 §8.2)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_PRELOADED = Path(__file__).parent / "data" / "preloaded-suffixes.yaml"


def hsts_parents(host: str, zone: str = "") -> tuple[str, ...]:
    """Every name above the host that may say "includeSubDomains", the nearest first.

    They end with the registrable domain by the public suffix list, for what is above it is nobody's site; never below the zone.

    Args:
        host: as it goes on the wire, without a trailing dot.
        zone: that holds it.
    """
    labels = host.split(".")
    above = [".".join(labels[start:]) for start in range(1, len(labels))]
    ends = [above.index(name) + 1 for name in (_suffixes().privatesuffix(host), zone) if name in above]
    return tuple(above[: max(ends, default=0)])


def registrable_domain(name: str) -> str:
    """What somebody registered, with the name in it: by the public suffix list; the name itself where that knows of none.

    Args:
        name: as it goes on the wire, without a trailing dot.
    """
    return _suffixes().privatesuffix(name) or name


def preloaded_suffix(host: str) -> str:
    """The suffix by which every browser asks the host by https:// alone; empty where there is none."""
    names = _preloaded()
    labels = host.split(".")
    return next(
        (name for start in range(1, len(labels)) if (name := ".".join(labels[start:])) in names),
        "",
    )


@cache
def _suffixes() -> PublicSuffixList:
    # it reads its list when it is made: only once a plan is
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _preloaded() -> frozenset[str]:
    import yaml

    tree = yaml.safe_load(_PRELOADED.read_text("utf-8"))
    return frozenset((*tree["top_level"], *tree["below"]))
