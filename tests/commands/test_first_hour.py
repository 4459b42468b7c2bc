"""A new environment, a stack's own config, and what goes to standard output: as a person meets them in the first hour."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.cli import REPOSITORY, good, linkproof
from tests.verify.world import World, expect


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nruntime: python\n")
    (tmp_path / "stacks").mkdir()
    return tmp_path


# init ---------------------------------------------------------------------------------------------
def test_init_makes_the_two_files_of_an_environment_that_check_takes(project: Path) -> None:
    done = linkproof("init", "shop", "--empty", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "stacks/shop.yaml" in done.stdout
    assert "linkproof check shop" in done.stdout
    checked = linkproof("check", "shop", cwd=project)
    assert checked.returncode == 0
    assert "fill in" in checked.stdout
    assert "linkproof:declaration: stacks/shop.yaml" in (project / "Pulumi.shop.yaml").read_text()
    # an entry that is uncommented is a right one
    filled = re.sub(
        r"^( *)# (?=( *)[a-z_.]+:( |$))", r"\1", (project / "stacks" / "shop.yaml").read_text(), flags=re.MULTILINE
    )
    (project / "stacks" / "shop.yaml").write_text(filled)
    checked = linkproof("check", "shop", cwd=project)
    assert (checked.returncode, checked.stdout) == (0, "1 declaration: 0 errors, 0 warnings\n")


@pytest.mark.parametrize("there", ["stacks/shop.yaml", "Pulumi.shop.yaml"])
def test_init_overwrites_nothing_and_writes_nothing_beside_it(project: Path, there: str) -> None:
    (project / there).write_text("mine")
    done = linkproof("init", "shop", "--empty", cwd=project)
    assert done.returncode == 2
    assert there in done.stderr
    assert (project / there).read_text() == "mine"
    assert sum((project / name).exists() for name in ("stacks/shop.yaml", "Pulumi.shop.yaml")) == 1


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a b"])
def test_init_takes_no_path_for_a_name(project: Path, name: str) -> None:
    done = linkproof("init", name, "--empty", cwd=project)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert list((project / "stacks").iterdir()) == []


# the stack's config -------------------------------------------------------------------------------
ACCOUNTS = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET, account: network}
edges:
  aws: {provider: cloudfront, account: web}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, edge: aws, phase: branded}
"""


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        ("config:\n  linkproof:accounts:\n    network: {aws: {profile: a}}\n    web: {}\n", []),
        ("config:\n  linkproof:accounts:\n    network: {}\n", ["edges.aws.account"]),
        ("config:\n  linkproof:accounts:\n    netwrok: {}\n    web: {}\n", ["zones.example.net.account"]),
        ("config: {}\n", ["zones.example.net.account", "edges.aws.account"]),
        ("", ["zones.example.net.account", "edges.aws.account"]),
        ("config:\n  linkproof:accounts:\n    secure: v1:abc\n", []),
    ],
)
def test_an_account_that_the_config_lacks_is_an_error_of_check_stack(
    project: Path, config: str, missing: list[str]
) -> None:
    (project / "stacks" / "shop.yaml").write_text(ACCOUNTS)
    (project / "Pulumi.shop.yaml").write_text(config)
    done = linkproof("check", "shop", "--json", cwd=project)
    found = [problem for problem in json.loads(done.stdout)["problems"] if problem["rule"] == "accounts.unknown"]
    assert [problem["path"] for problem in found] == missing
    assert done.returncode == (2 if missing else 0)
    assert all(problem["line"] in (3, 5) and "Pulumi.shop.yaml" in problem["message"] for problem in found)
    if "netwrok" in config:
        assert found[0]["fix"] == "did you mean 'netwrok'?"
    assert linkproof("check", "stacks/shop.yaml", cwd=project).returncode == 0, "a file alone has no config"


def test_an_account_of_the_environment_is_never_missing(project: Path) -> None:
    (project / "stacks" / "shop.yaml").write_text(good())
    (project / "Pulumi.shop.yaml").write_text("config: {}\n")
    assert linkproof("check", "shop", cwd=project).returncode == 0


def test_a_file_wins_over_a_stack_of_its_name(project: Path) -> None:
    (project / "shop").write_text(good())
    (project / "Pulumi.shop.yaml").write_text("config: {linkproof:declaration: none.yaml}\n")
    assert linkproof("check", "shop", cwd=project).returncode == 0


# standard output ----------------------------------------------------------------------------------
def test_a_report_can_go_to_standard_output_in_place_of_the_text(tmp_path: Path) -> None:
    wanted = tmp_path / "expectations.json"
    wanted.write_text(expect(stack="prod").model_dump_json())
    with World(tmp_path) as world:
        asked = ("verify", "--expectations", str(wanted), "--hints", str(world.hints), "--dns-port", str(world.port))
        done = linkproof(*asked, "--report", "sarif=-", "--report", f"markdown={tmp_path / 'm'}", cwd=tmp_path)
        assert (done.returncode, json.loads(done.stdout)["version"]) == (0, "2.1.0")
        assert (tmp_path / "m").read_text().startswith("### linkproof prod: proven")
        assert not (tmp_path / "-").exists()
        refused = linkproof(*asked, "--report", "sarif=-", "--report", "text=-", cwd=tmp_path)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert linkproof(*asked, "--report", "sarif=-", "--json", cwd=tmp_path).returncode == 2


# printed commands ---------------------------------------------------------------------------------
@pytest.mark.parametrize("file", ["README.md", "tools/down.sh", "Makefile"])
def test_every_printed_command_of_the_engine_suppresses_outputs(file: str) -> None:
    text = (REPOSITORY / file).read_text()
    commands = re.findall(r"pulumi (?:up|preview|refresh|destroy)\b[^`\n|]*-s [^`\n|]*", text)
    assert [command for command in commands if "--suppress-outputs" not in command] == []
    assert commands


@pytest.mark.parametrize(
    ("on_a_terminal", "no_color", "coloured"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_up_prints_escapes_on_a_terminal_alone_and_not_under_no_color(
    tmp_path: Path, on_a_terminal: bool, no_color: str, coloured: bool
) -> None:
    (tmp_path / "tools").mkdir()
    for name in ("up.sh", "up.py"):
        shutil.copy(REPOSITORY / "tools" / name, tmp_path / "tools" / name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("linkproof", "python"):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        (programs / name).chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "NO_COLOR": no_color}
    ours, theirs = pty.openpty()
    try:
        if on_a_terminal:
            subprocess.run(["tools/up.sh", "x"], cwd=tmp_path, env=environment, stdout=theirs, stderr=theirs, check=False, timeout=60)  # fmt: skip
            said = os.read(ours, 4096)
        else:
            said = subprocess.run(["tools/up.sh", "x"], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60).stdout  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"check" in said
    assert b"deploy" not in said, "the stack is not there, which check says"
    assert (b"\x1b" in said) is coloured


def test_no_command_is_printed_with_a_stack_to_fill_in(project: Path) -> None:
    (project / "stacks" / "shop.yaml").write_text(good())
    (project / "Pulumi.shop.yaml").write_text("config: {}\n")
    done = linkproof("verify", "shop", cwd=project)
    assert done.returncode == 2
    assert "linkproof expectations shop" in done.stderr
    (project / ".linkproof" / "shop").mkdir(parents=True)
    (project / ".linkproof" / "shop" / "expectations.json").write_text("{")
    assert "linkproof expectations shop" in linkproof("verify", "shop", cwd=project).stderr
    assert "STACK" not in linkproof("verify", "--expectations", "none.json", cwd=project).stderr


# show ---------------------------------------------------------------------------------------------
def test_show_says_what_is_declared_where_nothing_was_deployed_and_asks_no_server(project: Path) -> None:
    (project / "stacks" / "shop.yaml").write_text(good("branded").replace("version: 1\n", "version: 1\nlab: true\n"))
    (project / "Pulumi.shop.yaml").write_text("config: {}\n")
    done = linkproof("show", "shop", "--html", str(project / "page.html"), cwd=project)
    assert done.returncode == 0, done.stderr
    assert "branded (deployed: nothing)" in done.stdout
    assert "not known:" in done.stdout
    assert "url1.example.net" in (project / "page.html").read_text()
    document = json.loads(linkproof("show", "shop", "--json", cwd=project).stdout)
    assert (document["phases"], document["rows"][0]["next"]["phase"]) == ({"branded": 1}, "ready")
    assert not (project / ".linkproof" / "shop" / "verify.json").exists()
