"""Whatever becomes of the files that `verify` writes, its verdict has been said before."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import typer
from linkproof.commands.telling import tell
from linkproof.expectations.model import parse
from linkproof.verify.conclude.verdict import conclude

from tests.verify.world import CLICK, World, expect


@pytest.mark.parametrize("as_json", [True, False])
def test_a_result_that_cannot_be_kept_has_been_printed(tmp_path: Path, capsys, as_json: bool) -> None:
    (tmp_path / "verify.json").mkdir()
    (tmp_path / "report").mkdir()
    result = conclude([], [], strict=False, places={}, timing={})
    with pytest.raises(typer.Exit) as ended:
        tell(result, parse({"version": 1}), [("json", tmp_path / "report")], as_json=as_json, work_dir=tmp_path)
    said = capsys.readouterr()
    assert ended.value.exit_code == 2
    assert json.loads(said.out)["verdict"] == "not-proven" if as_json else "proven" in said.out.lower()
    assert said.err.count("error: ") == 2, "each file is tried whatever became of the other"
    assert "fix: " in said.err


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A row at which somebody says ^C."""

    def to_json(self):
        raise KeyboardInterrupt


def test_an_interrupt_while_the_result_is_written_leaves_the_last_one(tmp_path: Path) -> None:
    (tmp_path / "verify.json").write_text("the last one")
    result = replace(conclude([], [], strict=False, places={}, timing={}), asked=(Interrupted(),))
    with pytest.raises(KeyboardInterrupt):
        tell(result, parse({"version": 1}), [], as_json=False, work_dir=tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"verify.json": "the last one"}


def test_a_disk_that_is_full_of_evidence_does_not_swallow_the_verdict(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", ["other.vendor.test."])
        (tmp_path / "expectations.json").write_text(expect().model_dump_json())
        command = [
            sys.executable, "-m", "linkproof.commands.main", "verify", "--expectations", str(tmp_path / "expectations.json"),
            "--hints", str(world.hints), "--dns-port", str(world.port), "--save", str(tmp_path / "evidence"), "--json",
        ]  # fmt: skip
        # no file may grow beyond 8 KiB
        limited = ["bash", "-c", 'ulimit -f 8; exec "$@"', "bash", *command]
        done = subprocess.run(limited, check=False, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["verdict"] == "differs"
    assert done.returncode == 2
    assert "--save" in done.stderr
    assert "Traceback" not in done.stderr
