"""`linkproof look` as a person runs it: without a project, a declaration or a credential."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.cli import environment, program_of
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer
from tests.verify.world import World

HOST = "url.example.test"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[list[str]]:
    """The options that lead into a small internet with one live link."""
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST), https=answer(), http=answer())
        yield [
            f"--hints={world.hints}", f"--dns-port={world.port}", f"--http-port={world.http_port}",
            f"--https-port={world.https_port}", f"--ca={authority.file}",
        ]  # fmt: skip


def run(*arguments: str, cwd: Path, stdin: str = "", width: int = 80) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        program_of("look", *arguments),
        cwd=cwd,
        env={**environment(), "COLUMNS": str(width), "PYTHONIOENCODING": "utf-8"},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_one_host_has_one_card_in_eighty_columns(there: list[str], tmp_path: Path) -> None:
    done = run(HOST, *there, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"healthy  {HOST}"
    assert "  SendGrid click host behind Amazon CloudFront, phase live or secured" in lines
    way = [line.strip() for line in lines if line.startswith(("  ✓", "    │"))]
    assert way[0].startswith(f"✓ {HOST}")
    assert way[-1] == "✓ SendGrid"
    assert max(map(len, lines)) <= 80
    assert "whether the sender writes https:// yet" in done.stdout


def test_many_hosts_have_a_table_first_and_only_the_troubled_ones_a_card(there: list[str], tmp_path: Path) -> None:
    hosts = "\n".join([HOST, *(f"n{number}.example.test" for number in range(5))])
    done = run("-", *there, cwd=tmp_path, stdin=hosts)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["host", "verdict", "sender", "edge", "phase", "wrong"]
    assert lines[1].split() == [HOST, "healthy", "SendGrid", "cloudfront", "live", "–"]
    assert f"healthy  {HOST}" not in lines
    assert "broken  n4.example.test" in lines
    assert lines[-1] == "1 healthy · 5 broken"


def test_a_mail_tells_the_phase_and_what_is_still_http(there: list[str], tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    options = "X-SMTPAPI: =?utf-8?q?=7B=22asm=5Fgroup=5Fid=22=3A12=7D?="
    mail.write_text(
        f"{options}\nContent-Type: text/html\n\n<a href='https://{HOST}/a'>x</a><a href='http://{HOST}/b'>y</a>"
    )
    done = run("--mail", str(mail), *there, cwd=tmp_path)
    assert "X-SMTPAPI is written as encoded words (=?…?=), in which programs find nothing" in done.stdout
    assert f"  {HOST}: branded, SendGrid; 1 https, 1 http" in done.stdout
    assert "yes: 1 of 2 links of this mail" in done.stdout
    mail.write_text(f"Content-Type: text/html\n\n<a href='https://{HOST}/a'>x</a>")
    document = json.loads(run("--mail", str(mail), *there, "--json", cwd=tmp_path).stdout)
    assert document["hosts"][0]["what"].endswith("phase secured")
    assert document["mails"][0]["hosts"] == {HOST: {"http": 0, "https": 1, "images": 0}}
    assert document["verify"]["verdict"] == "proven"


def test_a_link_that_is_declared_secured_and_stands_in_a_mail_with_http_is_not_secured(
    there: list[str], tmp_path: Path
) -> None:
    mail, stacks = tmp_path / "mail.eml", tmp_path / "stacks"
    stacks.mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: mail\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    declared = (
        "version: 1\nzones: {example.test: {dns: manual}}\nedges: {aws: {provider: cloudfront}}\nlinks:\n"
        f"  news: {{sender: sendgrid, click_host: {HOST}, owner_host: 1.example.test, edge: aws, phase: PHASE}}\n"
    )
    for phase, scheme, code in (("secured", "http", 1), ("secured", "https", 0), ("live", "http", 0)):
        (stacks / "prod.yaml").write_text(declared.replace("PHASE", phase))
        mail.write_text(f"Content-Type: text/html\n\n<a href='{scheme}://{HOST}/a'>x</a>")
        done = run("--mail", str(mail), "--stack", "prod", *there, "--json", cwd=tmp_path)
        assert done.returncode == code, done.stderr
        found = json.loads(done.stdout)
        assert [one["rule"] for one in found["verify"]["findings"]] == (["app.not-secured"] if code else [])
        assert found["hosts"][0]["verdict"] == ("broken" if code else "healthy")
        if code:
            assert found["verify"]["findings"][0]["observed"] == "1 of 1 link of this mail: http://"
            assert found["verify"]["findings"][0]["place"].endswith("prod.yaml:5:97")


def test_reports_are_those_of_verify_and_a_terminal_without_unicode_has_its_own_signs(
    there: list[str], tmp_path: Path
) -> None:
    files = {name: tmp_path / f"report.{name}" for name in ("html", "json", "sarif", "markdown", "prometheus", "text")}
    done = run(HOST, *there, *(f"--report={name}={file}" for name, file in files.items()), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(file.stat().st_size for file in files.values())
    assert '<figure class="way healthy">' in files["html"].read_text()
    plain = subprocess.run(
        program_of("look", HOST, *there), cwd=tmp_path, env={**environment(), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert plain.returncode == 0, plain.stderr
    assert b"| CNAME" in plain.stdout


def test_a_stack_says_which_internet_is_asked(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    with World(tmp_path) as world:
        (tmp_path / "stacks" / "prod.yaml").write_text(
            f"version: 1\nverify: {{hints: root.hints, dns_port: {world.port}, http_port: {world.http_port}, https_port: 1}}\n"
        )
        done = run(HOST, "--stack", "prod", f"--https-port={world.https_port}", "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert document["hosts"][0]["chain"] == ["edge.vendor.test."]
    assert f":{world.https_port}" in str(document["verify"]["findings"]), "what is said on the command line wins"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "no host was given"),
        (("example",), "no host of a zone"),
        (("--file", "missing"), "missing: No such file"),
        (("--mail", "missing"), "missing: No such file"),
        (("a.example.com", "--report", "pdf=x"), "FORMAT"),
    ],
)
def test_bad_input_is_refused_before_anybody_is_asked(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr.replace(os.linesep, " ")
    assert "Traceback" not in done.stderr
