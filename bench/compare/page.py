"""docs/compared.md, from what the tools said."""

from __future__ import annotations

import re
import statistics
import subprocess
from collections import Counter

from linkproof.verify.rules.catalogue import load_faults

from bench.compare.cases import BY_ID, CASES, NOT_RUN
from bench.compare.judge import Verdict, judge
from bench.compare.tools import DNSVIZ_WITHOUT, LIMIT_SECONDS, TOOLS, ZONEMASTER_WITHOUT, Said

PACKAGES = ("zonemaster-cli", "dnsviz", "ldnsutils", "bind9-dnsutils", "unbound", "knot", "nsd")
OUTCOMES = ("found", "partly", "not", "cannot know")
SaidByCase = dict[str, dict[str, Said]]

HEAD = """# Who finds what: linkproof beside zonemaster-cli, dnsviz, drill and delv

Written by `python -m bench.compare` (as root, on Debian; no network needed): do not edit. Each fault stands alone in a
private internet in a network namespace, with its own root, top level, vendor and customer, all on port 53; each tool
gets an internet of its own, its root hints, and {limit} seconds. Our Python servers misbehave; rows D40, D46 and some X
are served by knot and nsd, with zones signed by ldns-signzone.

A tool's answer is compared with its own answer on the healthy twin (D1, or D40a where the zones are signed):

| | |
|---|---|
| **found** | among what is new is a word that names the fault (`bench/compare/cases_*.py` lists these words) |
| partly | something is new, which names something else, or shows the difference and leaves the naming to the reader |
| **not** | nothing is new though the tool could know, or it ended without a result |
| cannot know | nothing is new, and it lies outside what the tool looks at, or only the declaration tells right from wrong |
| silent, **false alarm** | on healthy rows: no warning or worse, or one; linkproof must also call it proven |

{tools}

Reading the numbers: the D rows are linkproof's own catalogue, so its count there is no measure of quality, and D rows
that need the declaration are no reproach to the others, who are not told it. The X rows were added because another tool
looks for them. An attack on the path (D22) counts as healthy here because every answer that counts still arrives.

Left out, for no lab on loopback can have it: {without}. `dnsviz grok -t` does not work in Debian 12 (it asks for a part
of pygraphviz that the packaged one has not), so dnsviz judges without a trust anchor. Levels: zonemaster-cli from
NOTICE, its default. lego was not run: it looks only for the TXT of a validation in progress. Versions: {versions}.
"""


def render(said: SaidByCase) -> str:
    """The page.

    Args:
        said: by case and tool; every case must be there.
    """
    verdicts = {key: verdicts_of(key, said) for key in said}
    parts = [
        HEAD.format(limit=LIMIT_SECONDS, tools=_tools(), versions=_versions(), without=_without()),
        "## Summary\n", _summary(verdicts),
        "## What another tool found and linkproof did not\n", _missed(verdicts),
        "## DNS, row by row\n",
        "Ids are those of [faults.md](faults.md); X rows are not in it. In brackets: seconds with start-up, on two cores that were busy with other work too: good for comparing within a row, no measurement.\n", _rows(verdicts),
        "## DNS, not run\n", _not_run(),
        "## TLS and HTTP\n",
        "Not run: zonemaster-cli, dnsviz, drill and delv speak only DNS. linkproof's column is what [faults.md](faults.md) says, which its tests prove.\n",
        _beyond(),
    ]  # fmt: skip
    return "\n".join(parts)


def verdicts_of(key: str, said: SaidByCase) -> dict[str, Verdict]:
    case = BY_ID[key]
    return {tool.name: judge(case, tool, said[key][tool.name], said[case.twin][tool.name]) for tool in TOOLS}


def _tools() -> str:
    lines = ["| tool | looks at | run as |", "|---|---|---|"]
    lines += [
        f"| {tool.shown} | {tool.scope} | {'; '.join(f'`{_cell(command)}`' for command in tool.commands)} |"
        for tool in TOOLS
    ]
    return "\n".join(lines)


def _without() -> str:
    names = [f"`{name}`" for name in (*ZONEMASTER_WITHOUT, *DNSVIZ_WITHOUT)]
    return ", ".join(names) + " (public addresses and operators of the servers)"


def _versions() -> str:
    listed = subprocess.run(["dpkg-query", "-W", *PACKAGES], check=True, capture_output=True, text=True).stdout
    return ", ".join(" ".join(line.split()) for line in listed.splitlines())


def _summary(verdicts: dict[str, dict[str, Verdict]]) -> str:
    faults = [key for key in verdicts if not BY_ID[key].healthy]
    healthy = [key for key in verdicts if BY_ID[key].healthy]
    lines = [f"| of {len(faults)} faults | {' | '.join(tool.shown for tool in TOOLS)} |", "|---|" + "---|" * len(TOOLS)]
    for outcome in OUTCOMES:
        counts = [Counter(verdicts[key][tool.name].outcome for key in faults)[outcome] for tool in TOOLS]
        lines.append(f"| {outcome} | {' | '.join(map(str, counts))} |")
    beyond = [key for key in faults if BY_ID[key].row[0] == "X"]
    found = [sum(verdicts[key][tool.name].outcome == "found" for key in beyond) for tool in TOOLS]
    lines.append(f"| found, of the {len(beyond)} X rows alone | {' | '.join(map(str, found))} |")
    alarms = [sum(verdicts[key][tool.name].outcome == "false alarm" for key in healthy) for tool in TOOLS]
    lines.append(f"| false alarms on {len(healthy)} healthy rows | {' | '.join(map(str, alarms))} |")
    for what, of in (("median seconds", statistics.median), ("longest", max)):
        seconds = [of([verdicts[key][tool.name].seconds for key in verdicts]) for tool in TOOLS]
        lines.append(f"| {what} | {' | '.join(f'{one:.1f}' for one in seconds)} |")
    return "\n".join(lines) + "\n"


def _missed(verdicts: dict[str, dict[str, Verdict]]) -> str:
    rank = {"found": 2, "partly": 1}
    lines = ["| | fault | linkproof | who | what it said |", "|---|---|---|---|---|"]
    for key, by_tool in verdicts.items():
        ours = by_tool["linkproof"]
        better = [tool for tool in TOOLS if rank.get(by_tool[tool.name].outcome, 0) > rank.get(ours.outcome, 0)]
        better = [tool for tool in better if by_tool[tool.name].outcome == "found"]
        if better and not BY_ID[key].healthy:
            said = "; ".join(_quoted(by_tool[tool.name].shown) for tool in better)
            lines.append(
                f"| {key} | {BY_ID[key].fault} | {ours.outcome} | {', '.join(tool.shown for tool in better)} | {said} |"
            )
    return "\n".join(lines if len(lines) > 2 else ["Nothing in this run."]) + "\n"


def _rows(verdicts: dict[str, dict[str, Verdict]]) -> str:
    lines = [f"| | fault | {' | '.join(tool.shown for tool in TOOLS)} |", "|---|---|" + "---|" * len(TOOLS)]
    for key, by_tool in verdicts.items():
        mark = " (healthy)" if BY_ID[key].healthy else ""
        lines.append(
            f"| {key} | {BY_ID[key].fault}{mark} | {' | '.join(_verdict(by_tool[tool.name], all_of=tool.name == 'linkproof') for tool in TOOLS)} |"
        )
    return "\n".join(lines) + "\n"


def _verdict(verdict: Verdict, *, all_of: bool) -> str:
    strong = verdict.outcome in ("found", "not", "false alarm")
    shown = f" {_quoted(verdict.shown, len(verdict.shown) if all_of else 2)}" if verdict.shown else ""
    late = "" if verdict.ended else f", stopped at {LIMIT_SECONDS}"
    return f"{'**' if strong else ''}{verdict.outcome}{'**' if strong else ''}{shown} ({verdict.seconds:.1f}{late})"


def _quoted(lines: tuple[str, ...], most: int = 2) -> str:
    more = f" +{len(lines) - most}" if len(lines) > most else ""
    return ", ".join(f"`{_cell(_short(line))}`" for line in lines[:most]) + more


def _short(line: str) -> str:
    return line if len(line) <= 70 else line[:69] + "…"


def _cell(text: str) -> str:
    return re.sub(r"[^ -~…äöü]", "?", text).replace("|", "\\|").replace("`", "'")


def _not_run() -> str:
    titles = {row.id: row.fault for group in load_faults().values() for row in group}
    lines = ["| | fault | why |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {key} | {titles[key]} | {why} |" for key, why in NOT_RUN.items())]) + "\n"


def _beyond() -> str:
    lines = ["| | fault | linkproof | the other four |", "|---|---|---|---|"]
    for row in (row for group in load_faults().values() for row in group if row.id[0] in "TH"):
        rules = ", ".join(f"`{rule}`" for rule in row.rules)
        lines.append(f"| {row.id} | {row.fault} | {row.state.replace('-', ' ')} {rules} | cannot know |")
    return "\n".join(lines) + "\n"


def complete(said: SaidByCase) -> bool:
    return list(said) == [case.id for case in CASES]
