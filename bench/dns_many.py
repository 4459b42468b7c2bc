"""5,000 names at 8 servers and 2 resolvers through the real command, beside `octodns-report` on the same zone."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.internet import plan
from bench.internet.command import run
from bench.internet.namespace import CannotMeasureError, alone, lines_from_inside, tell, write
from bench.internet.servers import knot
from bench.internet.world import world
from bench.measure import Row, shown_by
from bench.octodns_report import report
from bench.packages import folder

if TYPE_CHECKING:
    from bench.internet.world import World

COMMAND = ".venv/bin/python -m bench.dns_many"
NAMES, SERVERS, RESOLVERS = 5000, 8, 2
# The name whose target is changed, once in what is declared and once at one server; a few names show what each then says.
CHANGED = 7
NAMES_WITH_FAULT = 200
WRONG = f"d-wrong.{plan.VENDOR}"


def rows(names: int = NAMES) -> list[Row]:
    packages = folder()
    arguments = [str(names), *([str(packages)] if packages else [])]
    lines = shown_by(lines_from_inside("bench.dns_many", *arguments))
    found = {(line["tool"], line["case"]): line for line in lines}
    ours, theirs = found["linkproof", "all right"], found.get(("octodns-report", "all right"))
    shown = f"{ours['seconds']:.1f} s, {ours['queries']:,} queries, {ours['queries_per_second']:,}/s, {ours['peak_mb']:.0f} MB"
    if theirs:
        shown += f"; octodns-report {theirs['seconds']:.1f} s for its {theirs['queries']:,}"
    return [Row(f"{names:,} names at {SERVERS} server addresses and {RESOLVERS} resolvers", shown, "–", None, COMMAND)]


def inside(size: str, with_packages: str = "") -> None:
    names, packages = int(size), Path(with_packages) if with_packages else None
    shape = plan.Shape(names, servers=SERVERS, resolvers=RESOLVERS, edges=1)
    with tempfile.TemporaryDirectory() as work, ExitStack() as more, world(Path(work), shape) as internet:
        right = [plan.target(number) for number in range(names)]
        _both(internet, "all right", right, "proven", packages)
        few = right[:NAMES_WITH_FAULT]
        wrong = [WRONG if number == CHANGED else target for number, target in enumerate(few)]
        _both(internet, "declared otherwise than all servers have it", wrong, "differs", packages)
        _change_last_server(internet, more)
        _both(internet, "one server has another value", few, "differs", packages)


def _both(internet: World, case: str, targets: list[str], verdict: str, packages: Path | None) -> None:
    _ours(internet, case, _expected(internet, targets), verdict)
    if packages is not None:
        _theirs(internet, case, targets, packages)


def _expected(internet: World, targets: list[str]) -> Path:
    tree = plan.expectations(replace(internet.shape, links=len(targets)), with_endpoints=False)
    for number, target in enumerate(targets):
        tree["records"][number + 1]["values"] = [f"{target}."]
    return write(internet.folder / "expected.json", json.dumps(tree))


def _ours(internet: World, case: str, file: Path, verdict: str) -> None:
    done = run(internet.verify_command(file))
    document = done.document(verdict=verdict)
    timing, queries = document["timing"], int(document["timing"]["dns_queries"])
    tell(
        tool="linkproof",
        case=case,
        seconds=round(done.seconds, 2),
        queries=queries,
        queries_per_second=round(queries / timing["total_seconds"]),
        cells=document["coverage"]["cells"],
        peak_mb=round(done.peak_mb, 1),
        exit_code=done.exit_code,
        verdict=document["verdict"],
        findings=[_short(item) for item in document["findings"][:3]],
        findings_in_all=len(document["findings"]),
    )


def _short(finding: dict[str, Any]) -> str:
    return f"{finding['rule']} {finding['name']} at {finding['vantage']['address']}: {finding['observed']}"


def _theirs(internet: World, case: str, targets: list[str], packages: Path) -> None:
    addresses = [*internet.shape.customer_servers(), *internet.shape.resolver_addresses()]
    found = report(internet.folder, packages, targets, addresses)
    tell(
        tool="octodns-report",
        case=case,
        seconds=round(found.seconds, 2),
        queries=found.names * len(addresses),
        queries_per_second=round(found.names * len(addresses) / found.seconds),
        exit_code=found.exit_code,
        inconsistent=found.unlike_each_other[:3],
        really_unlike_declared=found.unlike_declared[:3],
    )


def _change_last_server(internet: World, programs: ExitStack) -> None:
    """Take the last server out of the common program and give it a zone of its own, in which one target differs."""
    shape, name = internet.shape, f"{plan.CUSTOMER}."
    zones = {zone: text for zone, text in plan.zones(shape).items() if zone not in {".", "com.", "net."}}
    changed = zones[name].replace(f"{plan.target(CHANGED)}.", f"{WRONG}.")
    if changed == zones[name] or internet.authorities is None:
        raise CannotMeasureError("the zone could not be changed")
    internet.authorities.stop()
    *others, last = shape.customer_servers()
    common = programs.enter_context(knot(internet.folder / "others", [*others, *shape.vendor_servers()], zones))
    apart = programs.enter_context(knot(internet.folder / "last", [last], {name: changed}))
    common.wait_for_zone(others[0], name)
    apart.wait_for_zone(last, name)


if __name__ == "__main__":
    alone(rows, inside)
