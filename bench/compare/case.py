"""One fault of the comparison: how it is made, who can know of it, and which words of each tool name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.compare.world import CLICK, TARGET, ZONE, Internet
from tests.verify.servers import Honest

Change = Callable[[Any], None]
ZONE_ID = "zone/example.test"


def unchanged(net: Internet) -> None:
    """Nothing beyond the classes of the servers."""


def record(**changes: Any) -> dict[str, Any]:
    return {
        "id": "link/click",
        "path": "links.link.click_host",
        "name": CLICK,
        "type": "CNAME",
        "values": [TARGET],
        **changes,
    }


def declared(*records: dict[str, Any], zone: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """What the user declared, as `expectations.json` holds it."""
    zones = [{"id": ZONE_ID, "path": "zones.example.test", "name": ZONE, **(zone or {})}]
    return {"version": 1, "zones": zones, "records": list(records) or [record()], **parts}


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the page.

    Args:
        id: the row of the catalogue of faults, with a letter where that row has several; X for what is not in it.
        fault: in the words of the page.
        ours: rules of linkproof that name it; empty for healthy rows.
        words: by tool, the tags, codes or texts that name it. Only what is new against the twin is searched.
        needs: what a tool must be able to know; "declaration" where only the declared value tells right from wrong.
        change: what is done to the healthy internet before the servers answer.
        servers: classes of the two servers and of the parents.
        signed: the internet is signed from the root down, and served by knot and nsd.
        declare: gives what is declared, with the times of this moment.
        healthy: nothing is wrong, and every alarm is a false one.
        twin: the healthy case that it is compared with.
    """

    id: str
    fault: str
    ours: frozenset[str] = frozenset()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    change: Change = unchanged
    servers: tuple[type[Honest], type[Honest], type[Honest]] = (Honest, Honest, Honest)
    signed: bool = False
    declare: Callable[[], dict[str, Any]] = declared
    healthy: bool = False
    twin: str = "D1"

    @property
    def row(self) -> str:
        """The catalogue's id: `D40c` is a case of D40."""
        return self.id.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def expectations(self) -> dict[str, Any]:
        return self.declare()

    def build(self, folder: Path, port: int = 0) -> Internet:
        """The internet with the fault in place; `start` it inside `with`."""
        if self.signed:
            from bench.compare.signed import SignedInternet

            net: Internet = SignedInternet(folder, port=port)
        else:
            first, second, parents = self.servers
            net = Internet(folder, first, second, parents=parents, port=port)
        try:
            self.change(net)
        except BaseException:
            net.__exit__(None, None, None)
            raise
        return net


def case(key: str, fault: str, ours: str = "", *, needs: str = "", **rest: Any) -> Case:
    """A case with its sets written as words.

    Args:
        rest: fields of `Case`; those named for a tool are its words, each separated by a comma.
    """
    words = {
        tool: tuple(rest.pop(tool).split(", ")) for tool in ("zonemaster", "dnsviz", "drill", "delv") if tool in rest
    }
    return Case(key, fault, frozenset(ours.split()), words, frozenset(needs.split()), **rest)
