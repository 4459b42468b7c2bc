"""A project from `linkproof new`, with the package installed from its wheel: no file of the checkout takes part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from linkproof.engine.environment import cli_folder
from linkproof.project import Project

from tests.engine.sandbox import REPOSITORY, Sandbox, installed, link, linked
from tests.package import wheel as package


@pytest.fixture
def project(engine_present: None, tmp_path: Path) -> Iterator[Sandbox]:
    root = tmp_path / "shop"
    root.mkdir()
    bin_folder = package.install(package.build(tmp_path / "wheel"), root / ".venv", "lab", with_pip=True)
    environment = package.clean_environment(bin_folder)
    environment["PATH"] += f":{cli_folder(Project(REPOSITORY))}"
    # packages of a user's repository, one of them the commonest folder name of this trade
    for name in ("linkproof", "linkproof_lab", "yaml"):
        (root / name).mkdir()
        (root / name / "__init__.py").write_text(f"raise SystemExit('the user\\'s own {name} ran')\n")
    with installed(root, bin_folder / "linkproof", environment) as box:
        box.linkproof("new", ".", "--stack", "prod")
        yield box


def test_it_is_deployed_proven_and_destroyed(project: Sandbox) -> None:
    (project.root / "infra" / "__init__.py").write_text("raise SystemExit('the user\\'s own infra ran')\n")
    declaration = linked({"one": link("url1.example.net"), "two": link("url2.example.com", edge="cf")})
    project.stack("dev", declaration)
    project.linkproof("recover", "dev")
    project.linkproof("guard", "dev")
    project.up("dev")
    code, seen = project.verify("dev", "--wait", "1m")
    assert (code, seen["verdict"]) == (0, "proven"), json.dumps(seen["findings"], indent=1)
    assert "cloud = world: the same" in project.linkproof("drift", "dev").stdout
    assert project.preview("dev") == []
    project.linkproof("retire", "--all", "-s", "dev")
    project.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert [
        r for r in project.state("dev")["deployment"].get("resources", []) if r["type"] != "pulumi:pulumi:Stack"
    ] == []
