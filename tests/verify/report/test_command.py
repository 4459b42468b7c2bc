"""`linkproof verify`: reports beside the text, and an evidence folder in place of the network."""

from __future__ import annotations

import json
import stat

import pytest
import typer
from linkproof.commands import verify as command
from linkproof.commands.reports import UnwritableReportError
from linkproof.errors import LinkproofError
from linkproof.verify.evidence.folder import DamagedEvidenceError
from linkproof.verify.report.registry import FORMATS
from typer.testing import CliRunner

from tests.verify.world import CLICK, World, expect

app = typer.Typer(pretty_exceptions_enable=False)
command.register(app)


@app.callback()
def main() -> None:
    """A program of several commands, as the real one is."""


def run(*words):
    return CliRunner().invoke(app, ["verify", *map(str, words)])


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A run through the command line, with every report and the evidence."""
    folder = tmp_path_factory.mktemp("run")
    wanted = folder / "expectations.json"
    wanted.write_text(expect(stack="prod").model_dump_json())
    reports = [word for name in FORMATS for word in ("--report", f"{name}={folder / name}")]
    with World(folder) as world:
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        told = run(
            "--expectations", wanted, "--hints", world.hints, "--dns-port", world.port, "--save", folder / "evidence", *reports
        )  # fmt: skip
    return folder, told


def test_the_text_goes_to_the_terminal_and_each_report_to_its_file(kept):
    folder, told = kept
    assert told.exit_code == 1
    assert "differs: something outside is not as declared" in told.stdout
    assert "$ kdig @127.61.3.2" in told.stdout
    for name in FORMATS:
        assert (folder / name).read_text().endswith("\n")
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o644
    assert json.loads((folder / "sarif").read_text())["version"] == "2.1.0"
    assert not [file for file in folder.iterdir() if file.name.startswith(".")], "nothing half written is left"


def test_the_evidence_gives_the_same_document_and_exit_code(kept):
    folder, told = kept
    again = run("--evidence", folder / "evidence", "--json", "--report", f"html={folder / 'again.html'}")
    assert again.exit_code == told.exit_code
    first = json.loads((folder / "json").read_text())
    assert {"parts", "asked"} <= set(first), "what a merge needs, which is no part of the evidence"
    assert json.loads(again.stdout) == {key: value for key, value in first.items() if key not in {"parts", "asked"}}
    assert (folder / "again.html").exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--report", "pdf=x", "--evidence", "x"),
        ("--report", "html", "--evidence", "x"),
        ("--evidence", "x", "--dns-port", "53"),
        ("--evidence", "x", "--wait", "10m"),
        ("--evidence", "x", "--save", "y"),
        ("--evidence", "x", "dev"),
        ("--evidence", "x", "--shard", "1/2"),
        ("--evidence", "x", "--vantage", "tokyo"),
    ],
)
def test_bad_options_end_with_2_before_anybody_is_asked(words):
    assert run(*words).exit_code == 2


def test_a_folder_or_a_file_that_cannot_be_used_is_a_clear_error(kept, tmp_path):
    nothing = run("--evidence", tmp_path / "nothing").exception
    assert isinstance(nothing, DamagedEvidenceError)
    unwritable = run("--evidence", kept[0] / "evidence", "--report", f"html={tmp_path}/no/such/x.html").exception
    assert isinstance(unwritable, UnwritableReportError)
    assert isinstance(unwritable, LinkproofError)
    assert unwritable.exit_code == 2


def test_a_stack_s_expectations_with_an_unknown_edge_are_refused_before_anything_is_asked(tmp_path):
    wanted = tmp_path / "expectations.json"
    endpoint = {"id": "a", "host": "url.example.test", "edge": "cloudfrnt"}
    wanted.write_text(json.dumps({"version": 1, "endpoints": [endpoint]}))
    told = run("--expectations", wanted)
    assert isinstance(told.exception, LinkproofError)
    assert "endpoints[0].edge: no edge 'cloudfrnt' is known here" in told.exception.problem
