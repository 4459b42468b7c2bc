"""`linkproof render github-matrix` and `gitlab-parallel`: pipelines that prove a stack in shards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from linkproof.ci.files import ACTIONS, TooManyJobsError, in_shards

from tests.ci.steps import commands
from tests.ci.test_workflows import actionlint, found, understood, zizmor
from tests.commands.cli import good, linkproof, refused

__all__ = ["actionlint"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "prod.yaml").write_text(good("live"))
    return tmp_path


def rendered(what: str, project: Path) -> str:
    done = linkproof("render", what, "prod", "--shards", "3", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def steps(workflow: dict[str, Any], job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workflow["jobs"][job]["steps"]
    return found


def test_actionlint_and_zizmor_find_nothing_in_the_matrix(actionlint: str, project: Path) -> None:
    folder = project / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "verify-shards.yml").write_text(rendered("github-matrix", project))
    assert found([actionlint, "-no-color", "-shellcheck=", "-pyflakes="], folder) == (0, "")
    code, said = found(zizmor(), folder)
    assert (code, "No findings to report" in said) == (0, True), said


def test_each_job_of_the_matrix_is_told_its_shard_and_all_are_merged(project: Path) -> None:
    workflow = yaml.safe_load(rendered("github-matrix", project))
    shard = workflow["jobs"]["shard"]
    assert shard["strategy"] == {"fail-fast": False, "matrix": {"shard": [1, 2, 3]}}
    assert shard["env"]["LINKPROOF_SHARD_INDEX"] == "${{ strategy.job-index }}"
    assert shard["env"]["LINKPROOF_SHARDS"] == "${{ strategy.job-total }}"
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["merge"]["permissions"] == {"contents": "read"}, "what merges has no credential"
    for job in ("shard", "merge"):
        for step in steps(workflow, job):
            assert not step.get("uses") or any(pin.startswith(f"{step['uses']} #") for pin in ACTIONS.values())
            assert "${{" not in step.get("run", "")
    uploaded = [step["with"]["path"] for step in steps(workflow, "shard") if "path" in step.get("with", {})]
    assert uploaded == ["shard.json"], "expectations may name recipients: they are no artifact"


def test_gitlab_tells_the_shard_by_its_own_variables(project: Path) -> None:
    document = yaml.safe_load(rendered("gitlab-parallel", project))
    assert document["linkproof-shard"]["parallel"] == 3
    assert document["linkproof-merge"]["needs"] == ["linkproof-shard"]
    assert document["linkproof-shard"]["artifacts"]["paths"] == ["shard-*.json"]


@pytest.mark.parametrize("what", ["github-matrix", "gitlab-parallel"])
def test_each_command_is_understood(what: str, project: Path) -> None:
    document = yaml.safe_load(rendered(what, project))
    if what == "github-matrix":
        scripts = [step["run"] for job in document["jobs"] for step in steps(document, job) if "run" in step]
    else:
        scripts = [line for job in document.values() for line in job["script"]]
    words = [one for script in scripts for one in commands(script)]
    assert [one[0] for one in words] == ["expectations", "verify", "merge"]
    for one in words:
        understood(one)


def test_a_matrix_that_the_system_would_refuse_is_refused(project: Path) -> None:
    assert "github has at most 256" in refused("render", "github-matrix", "prod", "--shards", "257", cwd=project)
    for shards in (1, 201):
        with pytest.raises(TooManyJobsError):
            in_shards("gitlab", "prod", shards)
