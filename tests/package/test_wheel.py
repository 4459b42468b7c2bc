"""`pip install linkproof` is the verifier alone: it works outside the checkout, is small, and says what it lacks."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.cli import good
from tests.package.wheel import REPOSITORY, clean_environment
from tests.verify.world import World, expect

MOST_OCTETS = 90_000_000
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def linkproof(verifier: Path, tmp_path: Path) -> Run:
    """The installed command, in an empty folder."""

    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([verifier / "linkproof", *arguments], cwd=cwd, env=clean_environment(verifier),
                              capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL)  # fmt: skip

    return run


def test_every_file_of_the_two_packages_is_in_the_wheel(wheel: Path) -> None:
    there = {
        str(file.relative_to(REPOSITORY / "infra"))
        for package in ("linkproof", "linkproof_lab")
        for file in (REPOSITORY / "infra" / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == there


def test_what_is_installed_is_small_and_nothing_that_deploys(verifier: Path) -> None:
    files = [file for file in verifier.parent.rglob("*") if file.is_file() and not file.is_symlink()]
    assert sum(file.stat().st_size for file in files) <= MOST_OCTETS
    names = {file.name for file in verifier.parent.glob("lib/python*/site-packages/*")}
    assert "linkproof" in names
    assert not names & {"pulumi", "pulumi_aws", "pulumi_cloudflare", "boto3", "botocore", "httpx", "aiohttp", "grpc"}


def test_declarations_are_checked_planned_and_compared(linkproof: Run, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(good("ready"))
    (tmp_path / "new.yaml").write_text(good("live"))
    for arguments, word in (
        (("check", "new.yaml"), "0 errors"),
        (("check", "--base", "old.yaml", "new.yaml"), "0 errors"),
        (("plan", "new.yaml"), "url1.example.net."),
        (("diff", "old.yaml", "new.yaml"), "url1.example.net"),
        (("explain",), "http.wrong-edge"),
        (("schema",), '"$schema"'),
    ):
        done = linkproof(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        assert word in done.stdout


def test_a_small_internet_is_verified_reported_and_judged_again_from_its_evidence(
    linkproof: Run, tmp_path: Path
) -> None:
    (tmp_path / "expectations.json").write_text(expect().model_dump_json())
    with World(tmp_path) as world:
        asked = ("--expectations", "expectations.json", "--hints", str(world.hints), "--dns-port", str(world.port))
        right = linkproof("verify", *asked, "--json", "--save", "evidence", "--report", "html=page.html")
        seen = linkproof("look", "https://url.example.test/x", "--json", *asked[2:], "--report", "html=look.html")
        world.second.set("url.example.test.", "CNAME", ["old.vendor.test."])
        wrong = linkproof("verify", *asked, "--json")
    assert (right.returncode, json.loads(right.stdout)["verdict"]) == (0, "proven"), right.stderr
    assert (wrong.returncode, json.loads(wrong.stdout)["verdict"]) == (1, "differs"), wrong.stderr
    assert "</html>" in (tmp_path / "page.html").read_text()
    assert "hosts" in json.loads(seen.stdout), seen.stdout + seen.stderr
    assert json.loads(seen.stdout)["hosts"][0]["chain"] == ["edge.vendor.test."], seen.stderr
    assert "</svg>" in (tmp_path / "look.html").read_text()
    again = linkproof("verify", "--evidence", "evidence", "--json")
    assert (again.returncode, json.loads(again.stdout)["verdict"]) == (0, "proven"), again.stderr


@pytest.fixture
def project(linkproof: Run, tmp_path: Path) -> Path:
    """Two stacks, one of them of the lab, in a project that the package itself wrote."""
    folder = tmp_path / "project"
    assert linkproof("new", str(folder)).returncode == 0
    assert linkproof("init", "dev", "--empty", cwd=folder).returncode == 0
    (folder / "stacks" / "prod.yaml").write_text(good("live"))
    (folder / "stacks" / "dev.yaml").write_text(good("live").replace("version: 1", "version: 1\nlab: true"))
    return folder


@pytest.mark.parametrize("arguments", [
    ("env", "STACK"), ("expectations", "STACK"), ("guard", "STACK"), ("recover", "STACK"), ("drift", "STACK"),
    ("retire", "one", "-s", "STACK"), ("retire", "example.net", "--keep", "-s", "STACK"), ("keep", "one", "-s", "STACK"),
    ("lab", "publish", "dev"), ("lab", "up", "stacks/dev.yaml"), ("lab", "status"), ("lab", "down"),
])  # fmt: skip
def test_what_a_command_lacks_is_named_once_and_whole(
    linkproof: Run, project: Path, arguments: tuple[str, ...]
) -> None:
    for stack, extra in (("prod", "aws"), ("dev", "lab")):
        done = linkproof(*(stack if word == "STACK" else word for word in arguments), cwd=project)
        wanted = "lab" if arguments[0] == "lab" else extra
        # of several stacks the others are still compared, so that one is named among them
        said = f"Drift of {stack}\n  not compared: see the error\n" if arguments[0] == "drift" else ""
        assert (done.returncode, done.stdout) == (2, said), done.stderr
        problem, fix = done.stderr.splitlines()
        assert problem.startswith(f"error: this needs the extra {wanted}: "), problem
        assert fix == f"  fix: pip install 'linkproof[{wanted}]'"


@pytest.mark.parametrize(("arguments", "code"), [
    (("check", "prod"), 0), (("plan", "prod"), 0), (("plan", "dev", "--json"), 0), (("summary", "prod"), 0),
    (("summary", "dev"), 0), (("show", "prod"), 0), (("show", "dev", "--json"), 0), (("init", "other", "--empty"), 0), (("doctor",), 3), (("lab", "up", "--help"), 0),
])  # fmt: skip
def test_what_needs_no_extra_asks_for_none(
    linkproof: Run, project: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = linkproof(*arguments, cwd=project)
    assert done.returncode == code, done.stderr
    assert done.stdout
    assert "error:" not in done.stderr


def test_a_plan_of_a_stack_says_what_it_left_open(linkproof: Run, project: Path) -> None:
    assert (
        "note: what only the state of prod knows is left open: this needs the extra"
        in linkproof("plan", "prod", cwd=project).stderr
    )


def test_the_doctor_names_what_deploying_a_stack_lacks(linkproof: Run, project: Path) -> None:
    said = linkproof("doctor", cwd=project).stdout
    assert "AMISS deploying prod: this needs the extra aws: " in said
    assert "AMISS deploying dev: this needs the extra lab: " in said
    assert "note  lab: not installed" in said


def test_a_repository_with_packages_of_any_name_runs_ours(linkproof: Run, project: Path) -> None:
    """An own `infra/` is the commonest folder of this trade; the others are names that linkproof imports."""
    for name in ("infra", "linkproof", "linkproof_lab", "yaml", "dns", "pulumi", "queue"):
        folder = project / name
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").write_text(f"raise SystemExit('the user\\'s own {name} ran')\n")
    for arguments, code in (
        (("check", "prod"), 0), (("plan", "prod"), 0), (("diff", "stacks/prod.yaml", "stacks/dev.yaml"), 0),
        (("summary", "prod"), 0), (("drift", "prod"), 2), (("guard", "prod"), 2), (("doctor",), 3), (("explain",), 0),
    ):  # fmt: skip
        done = linkproof(*arguments, cwd=project)
        assert done.returncode == code, (arguments, done.stderr)
        assert "own" not in done.stderr
