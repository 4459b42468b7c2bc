"""The declaration's file is replaced in one step, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.discover.file import DeclarationFile
from linkproof.errors import LinkproofError


def test_what_somebody_changed_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "dev.yaml"
    path.write_text("version: 1\n")
    file = DeclarationFile.open(path, "dev.yaml", "")
    path.write_text("version: 1\n# theirs\n")
    with pytest.raises(LinkproofError, match=r"dev\.yaml was changed meanwhile"):
        file.write("version: 1\n# ours\n")
    assert path.read_text() == "version: 1\n# theirs\n"
    again = DeclarationFile.open(path, "dev.yaml", "")
    assert again.write("version: 1\n# ours\n") is True
    assert path.read_text() == "version: 1\n# ours\n"
