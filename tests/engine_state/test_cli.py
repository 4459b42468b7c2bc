"""What is handed to the engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.cli import Engine
from linkproof.project import Project


def test_a_state_is_imported_from_a_file_that_nobody_else_reads_and_that_is_gone_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    seen: list[Any] = []

    def must(self: Engine, *arguments: str) -> str:
        file = Path(arguments[-1])
        seen.extend([arguments[:4], file.stat().st_mode & 0o777, json.loads(file.read_text()), file])
        return ""

    monkeypatch.setattr(Engine, "must", must)
    Engine(Project(tmp_path), "dev", lab=True).import_state({"deployment": {"secret": 1}})
    assert seen[:3] == [("stack", "import", "--stack", "dev"), 0o600, {"deployment": {"secret": 1}}]
    assert not seen[3].exists()
