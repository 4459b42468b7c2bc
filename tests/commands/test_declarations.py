"""The commands that read declarations: exit codes, both forms of output, and errors with a fix."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.cli import good, linkproof

GIT = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.net", "-c", "init.defaultBranch=main"]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(good())
    (tmp_path / "live.yaml").write_text(good("live"))
    (tmp_path / "bad.yaml").write_text(good().replace("edge: aws", "edge: awz").replace("owner_host", "owner_hots"))
    return tmp_path


def refused(*arguments: str, cwd: Path) -> str:
    """What the command said on standard error, ending with 2 and without a traceback."""
    done = linkproof(*arguments, cwd=cwd)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


# check --------------------------------------------------------------------------------------------
def test_a_good_declaration_ends_with_0(here: Path) -> None:
    done = linkproof("check", "good.yaml", cwd=here)
    assert (done.returncode, done.stdout) == (0, "1 declaration: 0 errors, 0 warnings\n")


def test_every_problem_of_every_file_is_told_at_once_with_its_place(here: Path) -> None:
    done = linkproof("check", "good.yaml", "bad.yaml", cwd=here)
    assert done.returncode == 2
    assert "bad.yaml:7:" in done.stdout
    assert "did you mean" in done.stdout
    assert "2 declarations: " in done.stdout


def test_what_two_files_say_together_is_told_with_both_places(here: Path) -> None:
    shutil.copy(here / "good.yaml", here / "second.yaml")
    done = linkproof("check", "good.yaml", "second.yaml", cwd=here)
    assert done.returncode == 2
    assert "[stacks.host-twice]" in done.stdout
    assert "second.yaml:" in done.stdout
    assert "(good.yaml:" in done.stdout
    assert linkproof("check", "good.yaml", "./good.yaml", cwd=here).returncode == 0, "one file is one declaration"


def test_without_a_name_every_stack_and_every_other_file_of_stacks_is_checked(here: Path) -> None:
    assert "no Pulumi.yaml" in refused("check", cwd=here)
    (here / "Pulumi.yaml").write_text("name: tracking\nruntime: python\n")
    assert "has no declaration" in refused("check", cwd=here)
    (here / "stacks").mkdir()
    for name in ("one", "two", "three"):
        text = good().replace("example.net", f"{name}.example")
        (here / "stacks" / f"{name}.yaml").write_text(text.replace("aws: {", "aws: {account: web, "))
    (here / "Pulumi.one.yaml").write_text("config: {}\n")
    done = linkproof("check", cwd=here)
    assert "3 declarations: " in done.stdout
    lines = [line for line in done.stdout.splitlines() if "[accounts.unknown]" in line]
    assert lines, done.stdout
    assert all(line.startswith("stacks/one.yaml:") for line in lines), "only one of them is a stack with a config"


def test_check_as_json(here: Path) -> None:
    done = linkproof("check", "bad.yaml", "--json", cwd=here)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    assert document["version"] == 1
    for problem in document["problems"]:
        assert {"rule", "file", "line", "column", "path", "message", "fix", "severity"} <= set(problem), problem
    assert json.loads(linkproof("check", "good.yaml", "--json", cwd=here).stdout) == {"version": 1, "problems": []}


def test_check_as_sarif_has_each_problem_on_its_line(here: Path) -> None:
    told = json.loads(linkproof("check", "bad.yaml", "--json", cwd=here).stdout)["problems"]
    done = linkproof("check", "good.yaml", "bad.yaml", "--report", "sarif=check.sarif", cwd=here)
    assert done.returncode == 2
    document = json.loads((here / "check.sarif").read_text())
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert run["invocations"][0]["exitCode"] == 2
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = set()
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "bad.yaml", "uriBaseId": "%SRCROOT%"}
        found.add((result["ruleId"], result["level"], place["region"]["startLine"], place["region"]["startColumn"]))
    assert found == {(one["rule"], one["severity"], one["line"], one["column"]) for one in told}
    assert len({result["partialFingerprints"]["linkproofProblem/v1"] for result in run["results"]}) == len(told)


def test_sarif_of_a_good_declaration_closes_what_was_found_before(here: Path) -> None:
    assert linkproof("check", "good.yaml", "--report", "sarif=check.sarif", cwd=here).returncode == 0
    assert json.loads((here / "check.sarif").read_text())["runs"][0]["results"] == []


def test_sarif_in_place_of_the_text_and_of_no_other_format(here: Path) -> None:
    done = linkproof("check", "bad.yaml", "--report", "sarif=-", cwd=here)
    assert done.returncode == 2
    assert json.loads(done.stdout)["runs"][0]["results"]
    assert "sarif" in linkproof("check", "bad.yaml", "--report", "html=page.html", cwd=here).stderr
    assert not (here / "page.html").exists()


def test_a_sarif_file_that_cannot_be_written_is_said_first(here: Path) -> None:
    assert "its folder does not exist" in refused(
        "check", "good.yaml", "--report", "sarif=absent/check.sarif", cwd=here
    )


def test_a_skipped_phase_is_found_with_base(here: Path) -> None:
    done = linkproof("check", "live.yaml", "--base", "good.yaml", cwd=here)
    assert done.returncode == 2
    assert "past.phase-step" in done.stdout
    assert linkproof("check", "live.yaml", "--base", "live.yaml", cwd=here).returncode == 0


def test_a_base_in_git_is_read_and_a_wrong_one_is_said(here: Path) -> None:
    assert "fix:" in refused("check", "live.yaml", "--base", "HEAD:good.yaml", cwd=here), "no repository yet"
    shutil.copy(here / "good.yaml", here / "stack.yaml")
    for command in (["init", "-q"], ["add", "stack.yaml"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*GIT, *command], cwd=here, check=True, capture_output=True)
    shutil.copy(here / "live.yaml", here / "stack.yaml")
    done = linkproof("check", "stack.yaml", "--base", "HEAD:stack.yaml", cwd=here)
    assert (done.returncode, "past.phase-step" in done.stdout) == (2, True)
    assert "fix:" in refused("check", "stack.yaml", "--base", "HEAD:absent.yaml", cwd=here)
    assert "fix:" in refused("check", "stack.yaml", "--base", "no-such-branch:stack.yaml", cwd=here)


@pytest.mark.parametrize(
    "arguments", [("plan", "absent.yaml"), ("check", "absent.yaml"), ("diff", "good.yaml", "absent.yaml")]
)
def test_a_missing_file_is_said(here: Path, arguments: tuple[str, ...]) -> None:
    done = linkproof(*arguments, cwd=here)
    assert done.returncode == 2
    assert "absent.yaml" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_and_a_binary_file_are_said(here: Path) -> None:
    (here / "binary.yaml").write_bytes(bytes(range(256)))
    for file in (".", "binary.yaml"):
        done = linkproof("check", file, cwd=here)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), (file, done.stderr)


# plan and diff ------------------------------------------------------------------------------------
def test_plan_in_words_and_as_json(here: Path) -> None:
    done = linkproof("plan", "live.yaml", cwd=here)
    assert done.returncode == 0
    assert "url1.example.net" in done.stdout
    document = json.loads(linkproof("plan", "live.yaml", "--json", cwd=here).stdout)
    assert isinstance(document, dict)


def test_a_plan_of_a_bad_declaration_names_every_problem_or_where_to_see_them(here: Path) -> None:
    said = refused("plan", "bad.yaml", cwd=here)
    assert "bad.yaml:7:" in said
    assert "linkproof check bad.yaml" in said


def test_diff_says_what_changes_outside_or_that_nothing_does(here: Path) -> None:
    changed = linkproof("diff", "good.yaml", "live.yaml", cwd=here)
    assert changed.returncode == 0
    assert "url1.example.net" in changed.stdout
    assert linkproof("diff", "good.yaml", "good.yaml", cwd=here).stdout == "no difference outside\n"
    document = json.loads(linkproof("diff", "good.yaml", "live.yaml", "--json", cwd=here).stdout)
    assert document["version"] == 1
    assert document["changes"]
