"""The catalogue: every rule is in it and has a test that names it, and the page in docs is the one it gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.verify.rules.catalogue import load_faults, render
from linkproof.verify.rules.registry import RULES

ROOT = Path(__file__).parents[3]
TESTS = "".join(path.read_text() for folder in ("faults", "verify") for path in (ROOT / "tests" / folder).rglob("*.py"))


def test_the_page_in_docs_is_what_the_catalogue_gives():
    assert (ROOT / "docs" / "faults.md").read_text() == render(), (
        "run python -m linkproof.verify.rules.catalogue > docs/faults.md"
    )


def test_every_rule_belongs_to_a_fault():
    named = {rule for rows in load_faults().values() for row in rows for rule in row.rules}
    assert set(RULES) - named == set()


def test_ids_are_unique_and_every_unfound_fault_says_why():
    rows = [row for group in load_faults().values() for row in group]
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.note for row in rows if row.state != "found")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_test_that_names_it(rule):
    assert f'"{rule}"' in TESTS


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_explains_itself(rule):
    for text in (rule.meaning, rule.detection, rule.fix, rule.source):
        assert len(text) > 7
        assert "\n" not in text
    assert rule.source.startswith(("RFC ", "https://", "infra/"))
