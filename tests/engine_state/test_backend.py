"""A file backend's folder is found where the engine finds it."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest
from linkproof.engine.backend import backend_url, folder
from linkproof.project import Project

HOME = pwd.getpwuid(os.getuid()).pw_dir
ROOT = Path("/project")


@pytest.mark.parametrize(("url", "expected"), [
    ("file:///a/b", "/a/b"),
    ("file:///a/b/", "/a/b"),
    ("file:///a/b?no_tmp_dir=true", "/a/b"),
    ("file:///a/my%20b?no_tmp_dir=true&metadata=skip", "/a/my b"),
    ("file://~", HOME),
    ("file://~/states", f"{HOME}/states"),
    ("file://~/states?no_tmp_dir=false", f"{HOME}/states"),
    ("file://.", "/project"),
    ("file://./state", "/project/state"),
    ("file://../state", "/state"),
])  # fmt: skip
def test_the_folder_of_a_file_backend(url: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/elsewhere")  # the engine asks the system for the user's home
    assert folder(url, ROOT) == Path(expected) / ".pulumi"


@pytest.mark.parametrize("url", ["s3://bucket", "https://api.pulumi.com", "", "gs://bucket?x=file://y"])
def test_another_backend_has_no_folder(url: str) -> None:
    assert folder(url, ROOT) is None


def test_the_backend_is_chosen_as_the_engine_chooses_it(tmp_path: Path) -> None:
    """The environment before Pulumi.yaml before the last login."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PULUMI_HOME": str(home)}
    project = Project(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    assert backend_url(project, environment) == ""
    (home / "credentials.json").write_text(json.dumps({"current": "file://~"}))
    assert backend_url(project, environment) == "file://~"
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nbackend: {url: 'file://./state'}\n")
    assert backend_url(project, environment) == "file://./state"
    assert backend_url(project, {**environment, "PULUMI_BACKEND_URL": "s3://bucket"}) == "s3://bucket"
