"""docs/compared.md is the comparison's own page: its rows are the program's, and linkproof's cells are true today."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from linkproof.expectations.model import parse
from linkproof.verify.rules.catalogue import load_faults
from linkproof.verify.rules.registry import RULES

from bench.compare.case import case
from bench.compare.cases import BY_ID, CASES, NOT_RUN
from bench.compare.judge import judge
from bench.compare.tools import TOOLS, Said
from tests import parts

PAGE = (Path(__file__).parents[2] / "docs" / "compared.md").read_text()
RULE = re.compile(r"`((?:dns|tls|http|app)\.[a-z0-9-]+ (?:error|warning|lagging)(?: \(resolver\))?)`")
OURS, ZONEMASTER = TOOLS[0], TOOLS[1]


def rows(title: str) -> dict[str, list[str]]:
    """The cells after the key, of one section's table."""
    section = PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[1:] for row in cells[2:]}


def outcome(cell: str) -> str:
    return re.match(r"\**(found|partly|not|cannot know|silent|false alarm)\b", cell)[1]


def test_the_rows_of_the_page_are_the_programs():
    assert {key: row[0] for key, row in rows("DNS, row by row").items()} == {
        case.id: case.fault + (" (healthy)" if case.healthy else "") for case in CASES
    }
    assert {key: row[1] for key, row in rows("DNS, not run").items()} == NOT_RUN


def test_every_row_of_the_catalogue_about_dns_tls_and_http_is_on_the_page():
    catalogue = {row.id for group in load_faults().values() for row in group if row.id[0] in "DTH"}
    shown = {BY_ID[key].row for key in rows("DNS, row by row")} | set(rows("DNS, not run")) | set(rows("TLS and HTTP"))
    assert {key for key in shown if key[0] != "X"} == catalogue


def test_what_counts_as_finding_it_exists():
    assert {rule for case in CASES for rule in case.ours} <= {*RULES, "not-proven"}
    assert all(BY_ID[case.twin].healthy for case in CASES)


def test_the_summary_counts_the_rows():
    summary = rows("Summary")
    faults = [row[1:] for key, row in rows("DNS, row by row").items() if not BY_ID[key].healthy]
    for column in range(len(TOOLS)):
        counted = Counter(outcome(row[column]) for row in faults)
        assert [int(summary[word][column]) for word in ("found", "partly", "not", "cannot know")] == [
            counted[word] for word in ("found", "partly", "not", "cannot know")
        ]


def test_whatever_another_tool_found_and_linkproof_did_not_is_said_at_the_top():
    behind = {
        key
        for key, row in rows("DNS, row by row").items()
        if outcome(row[1]) != "found" and any(outcome(cell) == "found" for cell in row[2:])
    }
    assert set(rows("What another tool found and linkproof did not")) == behind


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_linkproof_finds_here_what_the_page_says(tmp_path, case):
    if case.signed:
        parts.need("knot nsd ldnsutils", "knotd", "nsd", "ldns-signzone")
    cell = rows("DNS, row by row")[case.id][1]
    with case.build(tmp_path) as net:
        net.start()
        result = net.verify(parse(case.expectations))
        own_resolver = bool(net.resolvers)
    found = {f"{f.rule} {f.severity}" + " (resolver)" * (f.vantage.kind == "resolver") for f in result.findings}
    found |= {
        f"{late.finding.rule} lagging" + " (resolver)" * (late.finding.vantage.kind == "resolver")
        for late in result.lagging
    }
    # unbound takes part only where port 53 is free, so what it showed is not seen here
    said = {rule for rule in RULE.findall(cell) if own_resolver or not rule.endswith("(resolver)")}
    assert found == said
    if case.healthy:
        assert (result.verdict, outcome(cell)) == ("proven", "silent")


NAMED, OTHER, USUAL = "CHILD_LAME ERROR", "SOMETHING ELSE WARNING", "NOT_SIGNED NOTICE"
LAME = case("D5a", "lame", needs="zone", zonemaster="CHILD_LAME")
VALUE = case("D2a", "value", needs="declaration")


@pytest.mark.parametrize(
    ("case", "said", "expected"),
    [
        (LAME, (NAMED,), "found"),
        (LAME, (OTHER, USUAL), "partly"),
        (LAME, (USUAL,), "not"),
        (VALUE, (USUAL,), "cannot know"),
        (VALUE, (NAMED,), "partly"),
        (LAME, ("no result: crashed",), "not"),
    ],
)
def test_only_a_new_word_that_names_the_fault_finds_it(case, said, expected):
    assert judge(case, ZONEMASTER, Said(said), Said((USUAL,))).outcome == expected
    assert judge(case, ZONEMASTER, Said(said), Said(said)).outcome in {"not", "cannot know"}, "nothing new says nothing"


def test_a_healthy_row_allows_no_alarm_and_owes_linkproofs_proof():
    healthy = BY_ID["D1"]
    assert judge(healthy, ZONEMASTER, Said((USUAL,)), Said(())).outcome == "silent"
    assert judge(healthy, ZONEMASTER, Said((OTHER,), (OTHER,)), Said(())).outcome == "false alarm"
    assert judge(healthy, OURS, Said(("verdict proven",)), Said(())).outcome == "silent"
    assert judge(healthy, OURS, Said(("verdict not-proven",)), Said(())).outcome == "false alarm"
