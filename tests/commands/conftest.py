"""What tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.cli import good


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one stack that was never deployed."""
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nruntime: python\n")
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "test.yaml").write_text(good())
    return tmp_path
