"""Every command: help, exit codes, and errors that name the fix and never show a traceback."""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from linkproof.commands.main import app
from linkproof.declaration.fingerprint import fingerprint
from linkproof.declaration.load import load_text
from linkproof.expectations.model import parse
from linkproof_lab.settings import LabSettings
from typer.testing import CliRunner

from tests.commands.cli import REPOSITORY, environment, good, linkproof, program_of, refused
from tests.verify.certificates import Authority

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
EXPECTED = {
    "version": 1,
    "records": [{"id": "a", "name": "a.example.net", "type": "CNAME", "values": ["b.example."]}],
}
STACK_COMMANDS = ["env", "expectations", "guard", "recover", "drift", "dangling", "summary"]


# help ---------------------------------------------------------------------------------------------
def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    """`linkproof --help` takes no longer than Python and typer do."""
    heavy = {"asyncio", "ssl", "pydantic", "yaml", "httpx", "dns", "pulumi", "linkproof_lab"}
    program = "import json, sys; import linkproof.commands.main; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, check=True)
    assert heavy & set(json.loads(done.stdout)) == set()


def test_every_command_of_the_design_is_there() -> None:
    wanted = "check plan diff env expectations verify guard recover drift explain schema doctor".split()  # noqa: SIM905
    assert set(wanted) <= set(COMMANDS)


@pytest.mark.parametrize(
    "command",
    [
        *COMMANDS,
        "lab",
        "lab up",
        "lab down",
        "lab status",
        "karte",
        "karte csr",
        "karte bundle",
        "karte tag",
        "karte check-page",
        "karte plugin-sheet",
        "move",
    ],
)
def test_help_of_every_command_works(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.output


@pytest.mark.parametrize(
    "arguments", [("no-such-command",), ("plan",), ("verify", "dev", "--no-such-option"), ("lab", "no-such")]
)
def test_what_the_command_line_does_not_know_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert "Usage:" in refused(*arguments, cwd=REPOSITORY)


# projects and stacks ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments",
    [
        *((name, "dev") for name in STACK_COMMANDS),
        ("verify", "dev"),
        ("retire", "one", "--stack", "dev"),
        ("lab", "status"),
    ],
)
def test_outside_a_project_the_fix_is_named(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = refused(*arguments, cwd=tmp_path)
    assert "no Pulumi.yaml in" in said
    assert "fix: run this inside a linkproof project" in said


@pytest.mark.parametrize(
    "arguments",
    [*((name, "nope") for name in STACK_COMMANDS), ("verify", "nope"), ("retire", "one", "--stack", "nope")],
)
def test_an_unknown_stack_is_said_with_those_that_exist(project: Path, arguments: tuple[str, ...]) -> None:
    said = refused(*arguments, cwd=project)
    assert "there is no stack 'nope'" in said
    assert "stacks here: test" in said


def test_a_stack_file_that_is_no_yaml_is_said(project: Path) -> None:
    (project / "Pulumi.test.yaml").write_text("config: [\n")
    assert "Pulumi.test.yaml is not YAML" in refused("env", "test", cwd=project)


def test_retire_without_a_stack_or_with_two_wishes_is_refused(project: Path) -> None:
    assert "--stack" in refused("retire", "one", cwd=project)
    assert "one of the two" in refused("retire", "one", "--all", "--stack", "test", cwd=project)
    assert "one of the two" in refused("retire", "--stack", "test", cwd=project)


# the rest -----------------------------------------------------------------------------------------
def test_env_prints_what_a_shell_can_evaluate(project: Path) -> None:
    cli = project / ".cache" / "pulumi" / "9.0.0" / "pulumi"
    cli.parent.mkdir(parents=True)
    cli.touch(0o755)
    done = linkproof("env", "test", "--json", cwd=project)
    assert done.returncode == 0, done.stderr
    variables = json.loads(done.stdout)
    assert variables["LINKPROOF_DECLARATION"] == "stacks/test.yaml"
    assert "PULUMI_CONFIG_PASSPHRASE" not in variables, "only a lab stack's passphrase may be printed"
    assert str(cli.parent) in variables["PATH"].split(":")[:2], "the project's own build comes first"
    assert all(line.startswith("export ") for line in linkproof("env", "test", cwd=project).stdout.splitlines())


def test_doctor_says_what_is_amiss_and_ends_with_3(project: Path) -> None:
    (project / "stacks" / "test.yaml").write_text(good().replace("edge: aws", "edge: awz"))
    done = linkproof("doctor", cwd=project)
    assert done.returncode == 3
    assert "AMISS stack test" in done.stdout
    assert "fix: run `linkproof check stacks/test.yaml`" in done.stdout
    document = json.loads(linkproof("doctor", "--json", cwd=project).stdout)
    assert {"what", "healthy", "found", "fix", "is_lacking"} == set(document[0])


def test_doctor_calls_what_is_not_there_no_fault_and_not_ok_either(project: Path) -> None:
    done = linkproof("doctor", cwd=project)
    assert "note  lab: not running" in done.stdout
    assert "ok    Python: 3." in done.stdout


def test_doctor_works_where_no_project_is(tmp_path: Path) -> None:
    done = linkproof("doctor", cwd=tmp_path)
    assert done.returncode in (2, 3)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [("recover", "nowhere"), ("verify", "nowhere"), ("guard", "nowhere"), ("plan", "nowhere.yaml")]
)
def test_a_refusal_with_json_is_a_document_too(project: Path, arguments: tuple[str, ...]) -> None:
    done = linkproof(*arguments, "--json", cwd=project)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["exit"]) == (2, 2)
    assert error["fix"]
    assert error["problem"] in done.stderr
    assert not linkproof(*arguments, cwd=project).stdout


def test_a_declaration_with_an_error_is_refused_before_anybody_is_asked(project: Path) -> None:
    wanted = project / ".linkproof" / "test" / "expectations.json"
    wanted.parent.mkdir(parents=True)
    wanted.write_text(json.dumps(EXPECTED))
    (project / "stacks" / "test.yaml").write_text(good("brandde"))
    (project / "hints").write_text(". 1 NS a.root.\na.root. 1 A 127.61.99.1\n")
    said = refused("verify", "test", "--hints", "hints", cwd=project)
    assert "stacks/test.yaml:" in said
    assert "did you mean" in said
    (project / "stacks" / "test.yaml").unlink()
    assert "fix:" in refused("verify", "test", "--hints", "hints", cwd=project)


@pytest.mark.parametrize(
    ("target", "reason"),
    [("nowhere/x.json", "its folder does not exist"), (".", "is a folder"), ("file/x", "its folder")],
)
def test_a_report_that_cannot_be_written_is_refused_before_anybody_is_asked(
    project: Path, target: str, reason: str
) -> None:
    (project / "file").write_text("")
    (project / "x.json").write_text(json.dumps(EXPECTED))
    said = refused("verify", "--expectations", "x.json", "--hints", "none", "--report", f"json={target}", cwd=project)
    assert reason in said


@pytest.mark.parametrize(("phase", "is_outdated"), [("branded", False), ("ready", True)])
def test_a_declaration_that_changed_since_it_was_deployed_is_not_proven(
    project: Path, phase: str, is_outdated: bool
) -> None:
    declaration = load_text(good("branded").encode(), "x.yaml").declaration
    assert declaration is not None
    wanted = project / ".linkproof" / "test" / "expectations.json"
    wanted.parent.mkdir(parents=True)
    wanted.write_text(json.dumps({"version": 1, "declaration": fingerprint(declaration)}))
    (project / "stacks" / "test.yaml").write_text(good(phase))
    (project / "hints").write_text(". 1 NS a.root.\na.root. 1 A 127.61.99.1\n")
    done = linkproof("verify", "test", "--hints", "hints", "--json", cwd=project)
    reasons = {item["id"]: item["reason"] for item in json.loads(done.stdout)["could_not_check"]}
    assert done.returncode == 3
    assert ("declaration" in reasons) is is_outdated
    assert not is_outdated or "`linkproof expectations test`" in reasons["declaration"]


def test_a_report_goes_where_a_link_leads_and_into_a_pipe_and_replaces_neither(tmp_path: Path) -> None:
    from linkproof.commands.reports import parse_reports, write_reports
    from linkproof.verify.conclude.verdict import conclude

    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    texts = [f"json={tmp_path / 'link.json'}", f"json={tmp_path / 'pipe'}"]
    before = os.umask(0o077)
    try:
        write_reports(parse_reports(texts), conclude([], [], strict=False, places={}, timing={}), parse(EXPECTED))
        assert json.loads((tmp_path / "real.json").read_text())["version"] == 1
        assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "link.json").is_symlink()
        assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
        assert os.read(reader, 12).startswith(b"{")
    finally:
        os.umask(before)
        os.close(reader)


@pytest.mark.parametrize("command", ["explain", "schema", "doctor --json"])
def test_who_stops_reading_changes_no_exit_code(project: Path, command: str) -> None:
    whole = linkproof(*command.split(), cwd=project).returncode
    program = f"{shlex.join(program_of(*command.split()))} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", program],
        cwd=project,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (whole, "")


def test_a_terminal_without_a_character_gets_its_escape(project: Path) -> None:
    ascii_only = {**environment(), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        program_of("explain", "tls.expired"), cwd=project, env=ascii_only, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()


def test_a_full_device_is_an_error_that_says_so(project: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program_of("schema"),
            cwd=project,
            env=environment(),
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_ours_that_was_damaged_is_named_with_the_command_that_writes_it(project: Path) -> None:
    file = project / ".linkproof" / "test" / "verify.json"
    file.parent.mkdir(parents=True)
    file.write_text("{")
    assert "linkproof verify test" in refused("summary", "test", cwd=project)


def test_the_version_is_the_package_s() -> None:
    assert linkproof("--version").stdout == f"linkproof {version('linkproof')}\n"


def test_what_cannot_go_with_evidence_is_named_as_it_was_typed(project: Path) -> None:
    said = refused("verify", "--evidence", "x", "--wait", "1m", "--resolver", "192.0.2.1", cwd=project)
    assert "--wait" in said
    assert "--resolver" in said


def test_a_lab_that_runs_and_does_not_answer_is_not_well(monkeypatch) -> None:
    from linkproof_lab import commands

    status = commands.Status(running=True, healthy=False, pid=1, parts={"control": "the lab does not answer"})
    monkeypatch.setattr(commands, "status", lambda _: status)
    assert CliRunner().invoke(app, ["lab", "status"]).exit_code == 3
    done = CliRunner().invoke(app, ["doctor"])
    assert "AMISS lab: running, pid 1, and a part of it does not answer" in done.stdout


def test_lab_status_without_a_lab_ends_with_3(project: Path) -> None:
    done = linkproof("lab", "status", cwd=project)
    assert (done.returncode, "not running" in done.stdout) == (3, True)
    assert json.loads(linkproof("lab", "status", "--json", cwd=project).stdout)["running"] is False
    assert linkproof("lab", "down", cwd=project).stdout == "lab: was not running\n"


# what one shell or one argument must not do to another -----------------------------------------------


def test_what_a_lab_stack_set_does_not_stay_set_for_another_stack() -> None:
    from linkproof.engine.environment import LAB_VARIABLES, without_lab

    after_dev = {"PATH": "/bin", "LINKPROOF_LAB": "/x", "PULUMI_BACKEND_URL": "file:///x", "PULUMI_HOME": "/x/home"}
    assert without_lab(after_dev) == {"PATH": "/bin"}
    assert set(after_dev) - {"PATH"} <= set(LAB_VARIABLES)
    own = {"PATH": "/bin", "PULUMI_BACKEND_URL": "s3://state"}
    assert without_lab(own) == own


def test_env_unsets_the_lab_of_the_stack_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKPROOF_LAB", "/x")
    lines = linkproof("env", "prod").stdout.splitlines()
    assert lines[0].startswith("unset LINKPROOF_LAB ")
    monkeypatch.delenv("LINKPROOF_LAB")
    assert not [line for line in linkproof("env", "prod").stdout.splitlines() if line.startswith("unset")]


def test_a_declaration_of_real_hosts_is_not_taken_into_the_lab() -> None:
    assert "does not live in the lab" in refused("lab", "up", "stacks/prod.yaml", cwd=REPOSITORY)


def test_terminal_escapes_in_an_argument_are_shown_not_obeyed() -> None:
    done = linkproof("plan", "a\x1b[31mb.yaml")
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b[31mb" in done.stderr


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("version: 2\n")
    done = linkproof("check", str(tmp_path / "none.yaml"), str(tmp_path / "bad.yaml"))
    assert done.returncode == 2
    assert "none.yaml:1:1" in done.stdout
    assert "bad.yaml:1:1" in done.stdout


@pytest.mark.parametrize("lab", [True, False])
def test_a_lab_that_is_down_is_named_where_nothing_answers(project: Path, lab: bool) -> None:
    declared = project / "stacks" / "test.yaml"
    declared.write_text(f"{declared.read_text()}\nlab: {str(lab).lower()}\n")
    settings = LabSettings.load(project / ".linkproof" / "lab")
    settings.hints_file.parent.mkdir(parents=True)
    settings.hints_file.write_text(".  3600000  NS  a.root.\na.root.  3600000  A  127.61.99.9\n")
    Authority(settings.hints_file.parent)  # its ca.pem
    wanted = project / ".linkproof" / "test" / "expectations.json"
    wanted.parent.mkdir()
    wanted.write_text(
        '{"version": 1, "records": [{"id": "a", "name": "a.test", "type": "A", "values": ["192.0.2.1"]}]}'
    )
    done = linkproof("verify", "test", "--hints", str(settings.hints_file), "--dns-port", "5399", cwd=project)
    assert done.returncode == 3
    assert ("linkproof lab up" in done.stderr) is lab


def test_a_deployment_does_not_begin_with_a_wrong_option(tmp_path: Path) -> None:
    """Read after `up`, it would end a deployment that nothing has verified."""
    for wrong in (("--wait", "10x"), ("--guard-wait", "soon"), ("--report", "nothing=x"), ("--allow", "phase.skipped")):
        done = linkproof("deploy", "dev", *wrong, cwd=tmp_path)
        assert (done.returncode, "recover" in done.stdout) == (2, False), done.stderr
        assert "Pulumi.yaml" not in done.stderr, "it is said before anything is read"
