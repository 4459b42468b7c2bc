"""`linkproof explain` and `schema`: every rule, and the published schemas."""

from __future__ import annotations

import json

import pytest
from linkproof.commands.main import app
from linkproof.declaration.rules import registry
from linkproof.engine import guard
from linkproof.verify.rules.registry import RULES
from typer.testing import CliRunner

from tests.commands.cli import REPOSITORY, linkproof, refused


def every_rule() -> list[str]:
    import linkproof.declaration.rules  # noqa: F401  registers them

    return sorted({*RULES, *registry.RULES, *guard.RULES})


@pytest.mark.parametrize("rule", every_rule())
def test_every_rule_is_explained(rule: str) -> None:
    done = CliRunner().invoke(app, ["explain", rule, "--json"])
    assert done.exit_code == 0
    entry = json.loads(done.stdout)
    assert entry["rule"] == rule
    assert entry["meaning"].strip(), "a rule has a reason"
    if entry["command"] == "verify":
        assert all(entry[key].strip() for key in ("detection", "fix", "source")), entry
    assert CliRunner().invoke(app, ["explain", rule]).stdout.startswith(f"rule       {rule}\n")


def test_all_rules_are_listed_from_a_fresh_process() -> None:
    """Rules register themselves when they are imported: the command must import all of them."""
    done = linkproof("explain", "--json")
    assert {entry["rule"] for entry in json.loads(done.stdout)} == set(every_rule())
    assert len(linkproof("explain").stdout.splitlines()) == len(every_rule())


def test_an_unknown_rule_gets_a_suggestion() -> None:
    assert "did you mean dns.wrong-value" in refused("explain", "dns.wrong-valeu", cwd=REPOSITORY)


@pytest.mark.parametrize("which", ["declaration", "expectations", "verify"])
def test_the_repository_s_schemas_are_current(which: str) -> None:
    done = linkproof("schema", which)
    assert json.loads(done.stdout) == json.loads((REPOSITORY / "schemas" / f"{which}.schema.json").read_text())


def test_an_unknown_schema_is_refused() -> None:
    assert "name declaration, expectations or verify" in refused("schema", "nope", cwd=REPOSITORY)
