"""`linkproof new`: a project that `check` takes, whole or not at all, and never in place of anything."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.commands.cli import REPOSITORY, linkproof

WRITTEN = {
    "Pulumi.yaml", "Pulumi.prod.yaml", "README.md", ".gitignore", "stacks/prod.yaml", "infra/__main__.py",
    "infra/requirements.txt", "infra/provider/pulumi-resource-linkproof", "infra/provider/pulumi-resource-sendgrid", "infra/provider/pulumi-resource-sparkpost", "infra/provider/pulumi-resource-rfc2136", "infra/provider/pulumi-resource-keycdn", "schemas/declaration.schema.json",
    *(f".github/workflows/{name}.yml" for name in ("check", "preview", "preview-comment", "deploy", "drift")),
}  # fmt: skip


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if not file.is_dir()}


def test_new_writes_a_project_that_check_takes(tmp_path: Path) -> None:
    done = linkproof("new", "mail/shop", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    project = tmp_path / "mail" / "shop"
    assert files(project) == WRITTEN
    checked = linkproof("check", "prod", cwd=project)
    assert (checked.returncode, "0 errors" in checked.stdout) == (0, True)
    document = yaml.safe_load((project / "Pulumi.yaml").read_text())
    assert document["name"] == "shop"
    providers = document["plugins"]["providers"]
    assert [provider["name"] for provider in providers] == ["linkproof", "sendgrid", "sparkpost", "rfc2136", "keycdn"]
    for provider in providers:
        executable = project / provider["path"] / f"pulumi-resource-{provider['name']}"
        assert os.access(executable, os.X_OK)
        assert f"linkproof.providers.{provider['name']}" in executable.read_text()
    # Pulumi refuses types in a project's config but of the project's own namespace
    assert all(key.split(":")[0] == document["name"] for key in document.get("config", {}))
    schema = project / "stacks" / (project / "stacks/prod.yaml").read_text().split("$schema=")[1].split()[0]
    assert schema.read_text() == (REPOSITORY / "schemas/declaration.schema.json").read_text()


@pytest.mark.parametrize(("system", "pipelines"), [("gitlab", {".gitlab/linkproof.yml"}), ("none", set())])
def test_the_pipelines_are_those_that_are_asked_for(tmp_path: Path, system: str, pipelines: set[str]) -> None:
    assert linkproof("new", "shop", "--ci", system, cwd=tmp_path).returncode == 0
    assert {name for name in files(tmp_path / "shop") if name.startswith(".git") and name != ".gitignore"} == pipelines
    assert ("pipelines" in (tmp_path / "shop/README.md").read_text()) is bool(pipelines)


def test_pipelines_for_nobody_knows_what_are_refused(tmp_path: Path) -> None:
    done = linkproof("new", "shop", "--ci", "jenkins", cwd=tmp_path)
    assert (done.returncode, "github, gitlab, none" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_projects_provider_is_the_packages_own(tmp_path: Path) -> None:
    """It looks for the engine that it is told of; a package of any name beside it is not run."""
    assert linkproof("new", "shop", cwd=tmp_path).returncode == 0
    (tmp_path / "linkproof").mkdir()
    (tmp_path / "linkproof" / "__init__.py").write_text("raise SystemExit('not this one')")
    program = tmp_path / "shop/infra/provider/pulumi-resource-linkproof"
    (tmp_path / "shop/.venv").symlink_to(REPOSITORY / ".venv")
    done = subprocess.run(
        [program, "127.0.0.1:1"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == "no engine at 127.0.0.1:1: Connection refused\n"


def test_what_is_there_already_stays_and_is_named(tmp_path: Path) -> None:
    mine = {"README.md": "mine", "infra/__main__.py": "mine", "src/app.py": "mine"}
    for name, text in mine.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = linkproof("new", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "infra/__main__.py, README.md" in done.stderr
    assert {name: (tmp_path / name).read_text() for name in files(tmp_path)} == mine


def test_a_folder_with_other_files_gets_a_project_beside_them(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("mine")
    done = linkproof("new", ".", "--stack", "shop", "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["written"]) == len(WRITTEN)
    assert files(tmp_path) == {"app.py", *(name.replace("prod", "shop") for name in WRITTEN)}


@pytest.mark.parametrize("in_the_way", ["schemas", "stacks", "infra", "shop"])
def test_what_cannot_be_written_whole_is_not_written(tmp_path: Path, in_the_way: str) -> None:
    folder = tmp_path / "shop"
    if in_the_way != "shop":
        folder.mkdir()
    blocking = tmp_path / "shop" if in_the_way == "shop" else folder / in_the_way
    blocking.write_text("a file where a folder is needed")
    done = linkproof("new", str(folder), cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "fix:" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path != folder or not folder.is_dir()] == [blocking]


@pytest.mark.parametrize("stack", ["../x", "a b", ""])
def test_a_stack_without_a_name_that_pulumi_takes_is_refused_before_anything_is_written(
    tmp_path: Path, stack: str
) -> None:
    assert linkproof("new", "shop", "--stack", stack, cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []
