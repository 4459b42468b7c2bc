"""The catalogue of faults as a page: each fault, its verdict, and what is not found yet. `python -m linkproof.verify.rules.catalogue > docs/faults.md`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from linkproof.verify.rules.registry import RULES

FILE = Path(__file__).parent / "faults.yaml"
FaultState = Literal["found", "in-part", "elsewhere", "not-found"]
_WORDS: dict[FaultState, str] = {
    "found": "found",
    "in-part": "in part",
    "elsewhere": "before deployment",
    "not-found": "**not found**",
}


@dataclass(frozen=True, slots=True)
class CatalogueFault:
    """One row.

    Args:
        rules: ids of the verdicts that find it; empty where it is no finding, and the note says what happens.
        note: how far it is found.
    """

    id: str
    fault: str
    state: FaultState
    rules: tuple[str, ...] = ()
    note: str = ""


def load_faults() -> dict[str, tuple[CatalogueFault, ...]]:
    """The rows by the title of their group.

    Raises:
        ValueError: a row names a rule or a state that does not exist, or leaves out the note that it needs.
    """
    import yaml

    groups: dict[str, tuple[CatalogueFault, ...]] = {}
    for group in yaml.safe_load(FILE.read_text("utf-8"))["groups"]:
        rows = tuple(CatalogueFault(**{**row, "rules": tuple(row.get("rules", ()))}) for row in group["rows"])
        for row in rows:
            unknown = [rule for rule in row.rules if rule not in RULES]
            if unknown or row.state not in get_args(FaultState) or not (row.rules or row.note):
                raise ValueError(f"{FILE.name}: {row.id}: {unknown or row.state or 'no note'}")
        groups[group["title"]] = rows
    return groups


def render() -> str:
    """The page in Markdown: faults first, then every rule."""
    groups = load_faults()
    rows = [row for group in groups.values() for row in group]
    counts = ", ".join(f"{sum(row.state == state for row in rows)} {_WORDS[state].strip('*')}" for state in _WORDS)
    lines = [
        "# Faults and their verdicts",
        "",
        "Written by `python -m linkproof.verify.rules.catalogue` from `infra/linkproof/verify/rules/faults.yaml` and the rules; do not edit.",
        f"{len(rows)} faults: {counts}. `linkproof explain RULE` prints one rule.",
    ]
    for title, group in groups.items():
        lines += ["", f"## {title}", "", "| | fault | verdict | found | note |", "|---|---|---|---|---|"]
        for row in group:
            verdict = ", ".join(f"`{rule}`" for rule in row.rules) or "–"
            lines.append(f"| {row.id} | {row.fault} | {verdict} | {_WORDS[row.state]} | {row.note} |")
    lines += [
        "",
        "## Rules",
        "",
        "| rule | severity | means | detected by | do | source |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{rule.id}` | {rule.severity} | {_cell(rule.meaning)} | {_cell(rule.detection)} | {_cell(rule.fix)} | {rule.source} |"
        for rule in RULES.values()
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(render())
