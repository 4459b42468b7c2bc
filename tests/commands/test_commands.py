"""Every command: help, exit codes, and errors that name the fix and never show a traceback."""

from __future__ import annotations

import json
import os
import re
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
from linkproof.declaration.rules import registry
from linkproof.engine import guard
from linkproof.errors import LinkproofError
from linkproof.expectations.model import parse
from linkproof.verify.rules.registry import RULES
from linkproof_lab.settings import LabSettings
from typer.testing import CliRunner

from tests.commands.cli import REPOSITORY, environment, good, linkproof, program_of
from tests.verify.certificates import Authority

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
EXPECTED = {
    "version": 1,
    "records": [{"id": "a", "name": "a.example.net", "type": "CNAME", "values": ["b.example."]}],
}
STACK_COMMANDS = ["env", "expectations", "guard", "recover", "drift", "summary"]


def refused(*arguments: str, cwd: Path) -> str:
    done = linkproof(*arguments, cwd=cwd)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one stack that was never deployed."""
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nruntime: python\n")
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "test.yaml").write_text(good())
    return tmp_path


# help ---------------------------------------------------------------------------------------------
def test_every_command_of_the_design_is_there() -> None:
    wanted = "check plan diff env expectations verify guard recover drift explain schema doctor".split()  # noqa: SIM905
    assert set(wanted) <= set(COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS, "lab", "lab up", "lab down", "lab status"])
def test_help_of_every_command_works(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.output


@pytest.mark.parametrize(
    "arguments", [("no-such-command",), ("check",), ("verify", "dev", "--no-such-option"), ("lab", "no-such")]
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


# verify -------------------------------------------------------------------------------------------
def test_verify_needs_one_input(project: Path) -> None:
    assert "name a STACK" in refused("verify", cwd=project)
    assert "name a STACK" in refused("verify", "test", "--expectations", "x.json", cwd=project)


@pytest.mark.parametrize("wait", ["soon", "10", "-5s", "1e9", "10 m", "nanm"])
def test_a_wait_that_is_no_duration_is_refused(project: Path, wait: str) -> None:
    done = linkproof("verify", "test", f"--wait={wait}", cwd=project)
    if wait == "10":
        assert "Invalid value" not in done.stderr, "a number alone is seconds"
    else:
        assert done.returncode == 2
        assert "is not a duration" in done.stderr


@pytest.mark.parametrize(("content", "said"), [
    (None, "linkproof expectations"),
    ("{", "not JSON"),
    ('{"version": 9}', "version is 9"),
    ('{"version": 1, "recrods": []}', "did you mean"),
])  # fmt: skip
def test_expectations_that_cannot_be_read_end_with_2(project: Path, content: str | None, said: str) -> None:
    file = project / "expectations.json"
    if content is not None:
        file.write_text(content)
    assert said in refused("verify", "--expectations", str(file), cwd=project)


def test_a_stack_that_was_never_deployed_is_told_how_to_get_its_expectations(project: Path) -> None:
    assert "run `linkproof expectations" in refused("verify", "test", cwd=project)


@pytest.mark.parametrize(
    "option",
    [
        ("--resolver", "not an address"),
        ("--resolver", "https://"),
        ("--hints", "absent.hints"),
        ("--ca", "absent.pem"),
        ("--dns-port", "0"),
    ],
)
def test_a_bad_option_of_verify_ends_with_2(project: Path, option: tuple[str, str]) -> None:
    file = project / "expectations.json"
    file.write_text(
        '{"version": 1, "records": [{"id": "a", "name": "a.example.net", "type": "CNAME", "values": ["b.example."]}]}'
    )
    refused("verify", "--expectations", str(file), *option, cwd=project)


def test_what_nobody_could_be_asked_about_is_not_proven(project: Path) -> None:
    """Nothing is wrong, and something is pending: exit code 3, in both forms."""
    file = project / "expectations.json"
    file.write_text('{"version": 1, "pending": [{"id": "one/edge", "reason": "known only after deployment"}]}')
    assert linkproof("verify", "--expectations", str(file), cwd=project).returncode == 3
    done = linkproof("verify", "--expectations", str(file), "--json", cwd=project)
    document = json.loads(done.stdout)
    assert (done.returncode, document["verdict"], document["version"]) == (3, "not-proven", 1)
    assert {"findings", "lagging", "could_not_check", "coverage", "timing"} <= set(document)
    assert "one/edge" in {entry["id"] for entry in document["could_not_check"]}


# explain, schema ----------------------------------------------------------------------------------
def every_rule() -> list[str]:
    import linkproof.declaration.rules  # noqa: F401  registers them

    return sorted({*RULES, *registry.RULES, *guard.RULES})


@pytest.mark.parametrize("rule", every_rule())
def test_every_rule_is_explained(rule: str) -> None:
    done = CliRunner().invoke(app, ["explain", rule, "--json"])
    assert done.exit_code == 0
    entry = json.loads(done.stdout)
    assert entry["rule"] == rule
    assert entry["meaning"].strip(), "a rule has a reason"
    if entry["command"] == "verify":
        assert all(entry[key].strip() for key in ("detection", "fix", "source")), entry
    assert CliRunner().invoke(app, ["explain", rule]).stdout.startswith(f"rule       {rule}\n")


def test_all_rules_are_listed_from_a_fresh_process() -> None:
    """Rules register themselves when they are imported: the command must import all of them."""
    done = linkproof("explain", "--json")
    assert {entry["rule"] for entry in json.loads(done.stdout)} == set(every_rule())
    assert len(linkproof("explain").stdout.splitlines()) == len(every_rule())


def test_an_unknown_rule_gets_a_suggestion() -> None:
    assert "did you mean dns.wrong-value" in refused("explain", "dns.wrong-valeu", cwd=REPOSITORY)


@pytest.mark.parametrize("which", ["declaration", "expectations", "verify"])
def test_the_repository_s_schemas_are_current(which: str) -> None:
    done = linkproof("schema", which)
    assert json.loads(done.stdout) == json.loads((REPOSITORY / "schemas" / f"{which}.schema.json").read_text())


def test_an_unknown_schema_is_refused() -> None:
    assert "name declaration, expectations or verify" in refused("schema", "nope", cwd=REPOSITORY)


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


@pytest.mark.parametrize(
    ("codes", "verified", "shown", "exit_code"),
    [
        ((0, 7), 0, ["code = state: same", "state = cloud: CHANGED, see above", "cloud = world: proven"], 1),
        ((0, 0), 1, ["code = state: same", "state = cloud: same", "cloud = world: DIFFERS"], 1),
        ((0, 0), 0, ["code = state: same", "state = cloud: same", "cloud = world: proven"], 0),
        # whatever fails, the others are made, and the worst counts: 70, 2, 1, 3, 4, 0
        ((255, 7), 3, ["code = state: FAILED, see above (exit 2)", "state = cloud: CHANGED, see above", "cloud = world: NOT PROVEN"], 2),
        ((7, 255), 4, ["code = state: CHANGED, see above", "state = cloud: FAILED, see above (exit 2)", "cloud = world: lagging"], 2),
        ((7, 0), 3, ["code = state: CHANGED, see above", "state = cloud: same", "cloud = world: NOT PROVEN"], 1),
        ((0, 0), 4, ["code = state: same", "state = cloud: same", "cloud = world: lagging"], 4),
        ((0, 0), 70, ["code = state: same", "state = cloud: same", "cloud = world: FAILED, see above (exit 70)"], 70),
        ((0, 0), -9, ["code = state: same", "state = cloud: same", "cloud = world: FAILED, see above (exit -9)"], 70),
        ((ValueError("odd"), 7), 1, ["code = state: FAILED, see above (exit 70)", "state = cloud: CHANGED, see above", "cloud = world: DIFFERS"], 70),
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_json", [False, True])
def test_drift_makes_every_comparison_and_ends_with_the_worst(
    monkeypatch, codes, verified, shown, exit_code, as_json
) -> None:
    from linkproof.commands import drift

    left = list(codes)

    class Engine:
        def run(self, *_: str) -> subprocess.CompletedProcess[str]:
            code = left.pop(0)
            if isinstance(code, Exception):
                raise code
            return subprocess.CompletedProcess([], code, "", "")

    monkeypatch.setattr(drift, "stack_declaration", lambda _: (Engine(), None))
    monkeypatch.setattr(drift, "stack_document", lambda *_: {})
    monkeypatch.setattr(
        drift.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], verified, "{}" if as_json else "", "")
    )
    done = CliRunner().invoke(app, ["drift", "test", *(["--json"] if as_json else [])])
    assert done.exit_code == exit_code
    assert left == []
    if as_json:
        document = json.loads(done.stdout)
        assert document["exit"] == exit_code
        assert len(document["failed"]) == sum("FAILED" in line for line in shown)
        assert [document["changed"][q] for q in drift.COMPARISONS] == [
            None if "FAILED" in line else "CHANGED" in line for line in shown[:2]
        ]
    else:
        assert [line.strip() for line in done.stdout.splitlines()[-3:]] == shown


def test_drift_asks_the_world_although_the_expectations_cannot_be_joined(monkeypatch) -> None:
    from linkproof.commands import drift

    asked = []

    class Engine:
        def run(self, *_: str) -> subprocess.CompletedProcess[str]:
            return subprocess.CompletedProcess([], 0, "", "")

    def broken(*_):
        raise LinkproofError("the state cannot be read", "recover it")

    def verify(command, **_):
        asked.append(command[-2:])
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(drift, "stack_declaration", lambda _: (Engine(), None))
    monkeypatch.setattr(drift, "stack_document", broken)
    monkeypatch.setattr(drift.subprocess, "run", verify)
    done = CliRunner().invoke(app, ["drift", "test"])
    assert (done.exit_code, asked) == (2, [["verify", "test"]])
    assert "the state cannot be read" in done.stderr
    assert done.stdout.splitlines()[-1].strip() == "cloud = world: FAILED, see above (exit 2)"


CRASH = """
import sys
from linkproof.commands import main
def broken(*_, **__):
    raise ZeroDivisionError("at \x1b[31m https://x.test/?token=abcdef")
@main.app.command("crash")
def crash(json: bool = False) -> None:
    broken()
sys.argv = ["linkproof", "crash", *sys.argv[1:]]
main.main()
"""


def crashed(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CRASH, *arguments]
    return subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_fault_of_linkproof_is_never_taken_for_a_difference(arguments: list[str]) -> None:
    """By Python's own 1 a script would read `differs`."""
    done = crashed(environment(), *arguments)
    assert done.returncode == 70
    assert re.match(r"error: a fault of linkproof \(infra/\S+:\d+\), nothing is proven: ZeroDivisionError", done.stderr)
    assert "Traceback" not in done.stderr
    assert "abcdef" not in done.stderr + done.stdout
    assert "\x1b" not in done.stderr
    if arguments:
        said = json.loads(done.stdout)["error"]
        assert (said["exit"], "nothing is proven" in said["problem"]) == (70, True)
    whole = crashed({**environment(), "LINKPROOF_TRACEBACK": "1"}, *arguments)
    assert (whole.returncode, "Traceback" in whole.stderr) == (70, True)
