"""`linkproof drift`: three comparisons, whatever fails, and the worst of them."""

from __future__ import annotations

import json
import subprocess

import pytest
from linkproof.commands.main import app
from linkproof.errors import LinkproofError
from typer.testing import CliRunner


@pytest.mark.parametrize(
    ("codes", "verified", "shown", "exit_code"),
    [
        ((0, 7), 0, ["code = state: same", "state = cloud: CHANGED, see above", "cloud = world: proven"], 1),
        ((0, 0), 1, ["code = state: same", "state = cloud: same", "cloud = world: DIFFERS"], 1),
        ((0, 0), 0, ["code = state: same", "state = cloud: same", "cloud = world: proven"], 0),
        # whatever fails, the others are made, and the worst counts: 70, 2, 1, 3, 4, 0
        ((255, 7), 3, ["code = state: FAILED, see above (exit 2)", "state = cloud: CHANGED, see above", "cloud = world: NOT PROVEN"], 2),
        ((7, 255), 4, ["code = state: CHANGED, see above", "state = cloud: FAILED, see above (exit 2)", "cloud = world: lagging"], 2),
        ((7, 0), 3, ["code = state: CHANGED, see above", "state = cloud: same", "cloud = world: NOT PROVEN"], 1),
        ((0, 0), 4, ["code = state: same", "state = cloud: same", "cloud = world: lagging"], 4),
        ((0, 0), 70, ["code = state: same", "state = cloud: same", "cloud = world: FAILED, see above (exit 70)"], 70),
        ((0, 0), -9, ["code = state: same", "state = cloud: same", "cloud = world: FAILED, see above (exit -9)"], 70),
        ((ValueError("odd"), 7), 1, ["code = state: FAILED, see above (exit 70)", "state = cloud: CHANGED, see above", "cloud = world: DIFFERS"], 70),
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_json", [False, True])
def test_drift_makes_every_comparison_and_ends_with_the_worst(
    monkeypatch, codes, verified, shown, exit_code, as_json
) -> None:
    from linkproof.commands import drift

    left = list(codes)

    class Engine:
        def run(self, *_: str) -> subprocess.CompletedProcess[str]:
            code = left.pop(0)
            if isinstance(code, Exception):
                raise code
            return subprocess.CompletedProcess([], code, "", "")

    monkeypatch.setattr(drift, "stack_declaration", lambda _: (Engine(), None))
    monkeypatch.setattr(drift, "stack_document", lambda *_: {})
    monkeypatch.setattr(
        drift.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], verified, "{}" if as_json else "", "")
    )
    done = CliRunner().invoke(app, ["drift", "test", *(["--json"] if as_json else [])])
    assert done.exit_code == exit_code
    assert left == []
    if as_json:
        document = json.loads(done.stdout)
        assert document["exit"] == exit_code
        assert len(document["failed"]) == sum("FAILED" in line for line in shown)
        assert [document["changed"][q] for q in drift.COMPARISONS] == [
            None if "FAILED" in line else "CHANGED" in line for line in shown[:2]
        ]
    else:
        assert [line.strip() for line in done.stdout.splitlines()[-3:]] == shown


def test_drift_asks_the_world_although_the_expectations_cannot_be_joined(monkeypatch) -> None:
    from linkproof.commands import drift

    asked = []

    class Engine:
        def run(self, *_: str) -> subprocess.CompletedProcess[str]:
            return subprocess.CompletedProcess([], 0, "", "")

    def broken(*_):
        raise LinkproofError("the state cannot be read", "recover it")

    def verify(command, **_):
        asked.append(command[-2:])
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(drift, "stack_declaration", lambda _: (Engine(), None))
    monkeypatch.setattr(drift, "stack_document", broken)
    monkeypatch.setattr(drift.subprocess, "run", verify)
    done = CliRunner().invoke(app, ["drift", "test"])
    assert (done.exit_code, asked) == (2, [["verify", "test"]])
    assert "the state cannot be read" in done.stderr
    assert done.stdout.splitlines()[-1].strip() == "cloud = world: FAILED, see above (exit 2)"
