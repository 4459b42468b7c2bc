"""`linkproof diff --markdown`: what a pull request shows, by the command as a workflow runs it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from linkproof.pull_request.comment import MARKER
from linkproof.verify.report.markdown import MAX_CHARACTERS

from tests.commands.cli import linkproof
from tests.pull_request.repository import GIT, HOST, commit, declaration, one, write


def rows(text: str) -> dict[str, list[str]]:
    """The table's cells by link."""
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return {
        cells[1].split(" ")[0]: cells
        for cells in ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines)
    }


def links(text: str) -> list[list[str]]:
    """Every row but those of what several links share."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and "shared by several" not in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_one_comment_for_every_stack_that_changes(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("branded"), test=one("ready"), dev=one("live"))
    commit(tmp_path, prod=one("ready"), test=one("live"), dev=one("live"))
    done = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{MARKER}\n### linkproof: 2 links change, risk medium\n\n| stack | link |")
    table = links(done.stdout)
    assert [(row[0], row[2]) for row in table] == [("prod", "branded → ready"), ("test", "ready → live")]
    prod, test = table
    assert prod[3].startswith("nothing;")
    assert prod[4].startswith("low: no click goes elsewhere")
    assert "the deployment waits for certificate and distribution" in prod[6]
    assert "clicks go to edge aws (cloudfront, account default) in place of the sender" in test[3]
    assert test[4].startswith("medium: clicks go elsewhere")
    assert test[5] == "allowed"
    assert test[6].startswith("old answers live up to 6 min after it"), "300 s of TTL and 60 s of propagation"
    assert "The same as before: dev." in done.stdout
    assert f"update record {HOST}/CNAME: leads to" in done.stdout


def test_a_skipped_phase_is_refused_with_the_way_forward(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("branded"))
    write(tmp_path, {"stacks/prod.yaml": one("live")})
    done = linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path)
    assert done.returncode == 1
    assert "### linkproof: refused as it is" in done.stdout
    assert rows(done.stdout)["one"][5] == "refused: past.phase-step"
    assert "stacks/prod.yaml:7:" in done.stdout
    assert re.search(r"fix: write .*phase: ready", done.stdout)


def test_what_leaves_and_what_comes(tmp_path: Path) -> None:
    other = "two: {sender: sendgrid, click_host: url2.example.net, owner_host: 1234567.example.net, phase: branded}"
    commit(tmp_path, prod=one("branded"))
    commit(tmp_path, prod=declaration(other))
    found = rows(linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path).stdout)
    assert (found["one"][2], found["two"][2]) == ("leaves, from branded", "new, branded")
    assert found["one"][4].startswith("high: old mail has its links")
    assert found["two"][4].startswith("low: a new link")


def test_a_renamed_key_and_a_comment_change_nothing(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("live"))
    commit(tmp_path, prod="# said\n" + one("live").replace("one:", "uno:"))
    done = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{MARKER}\n### linkproof: nothing changes outside\n")
    assert "|" not in done.stdout


def test_a_new_stack_and_one_that_goes(tmp_path: Path) -> None:
    commit(tmp_path, old=one("live"))
    commit(tmp_path, new=one("branded"))
    done = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path)
    assert [(row[0], row[2]) for row in links(done.stdout)] == [("new", "new, branded"), ("old", "leaves, from live")]
    assert "refused: past.leaves-only-branded" in done.stdout
    assert done.returncode == 1


def test_a_head_that_cannot_be_read_is_said_in_the_comment(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("ready"))
    commit(tmp_path, prod=one("redy"))
    done = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path)
    assert done.returncode == 2
    assert "### linkproof: a declaration cannot be read" in done.stdout
    assert "stacks/prod.yaml:7:" in done.stdout


SECRET = "SG." + "aB3" * 8 + "." + "x" * 30


@pytest.mark.parametrize("name", [
    "a|b", "`x`", "<img src=x onerror=alert(1)>", "@everyone", "[here](https://evil.test)", "![x](https://evil.test/p.png)", "www.evil.test", "GH-12 #12", SECRET,
])  # fmt: skip
def test_nothing_of_the_file_is_markup_a_mention_or_a_secret(tmp_path: Path, name: str) -> None:
    """The key of a link is whatever somebody wrote who opened a pull request."""
    commit(tmp_path, prod=one("branded"))
    commit(tmp_path, prod=one("branded").replace("one:", f"{json.dumps(name)}:") + f"  # {name}\n")
    text = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path).stdout
    body = text.removeprefix(MARKER)
    for raw in ("<img", "@everyone", "www.evil", "https://evil", "#12", SECRET, "aB3aB3"):
        assert raw not in body, text
    assert not re.search(r"(?<!\\)\]\(", body)
    table = [line for line in body.splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 8 for line in table), table


def test_a_comment_holds_at_most_what_github_takes(tmp_path: Path) -> None:
    def many(phase: str, number: int) -> str:
        return declaration(*(
            f"link{n}: {{sender: sendgrid, click_host: url{n}.example.net, owner_host: 1234567.example.net, edge: aws, phase: {phase}}}"
            for n in range(number)
        ))  # fmt: skip

    for number in (90, 400):
        commit(tmp_path, prod=many("ready", number))
        commit(tmp_path, prod=many("live", number))
        text = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path).stdout
        assert MAX_CHARACTERS * 0.5 < len(text) <= MAX_CHARACTERS
        assert "Not shown for want of room: " in text
        assert text.rstrip().endswith("by what is really deployed.")


def test_two_files_are_compared_without_a_project(tmp_path: Path) -> None:
    write(tmp_path, {"old.yaml": one("ready"), "new.yaml": one("live")})
    done = linkproof("diff", "old.yaml", "new.yaml", "--markdown", cwd=tmp_path)
    assert (done.returncode, rows(done.stdout)["one"][2]) == (0, "ready → live")


@pytest.mark.parametrize("arguments", [
    ("HEAD", "stacks/prod.yaml", "--markdown"), ("nowhere", ".", "--markdown"), ("HEAD", "HEAD", "--markdown", "--json"),
    ("HEAD", "HEAD", "--markdown", "--run-program"), ("HEAD", ".", "--run-program"), ("HEAD", ".", "--preview", "prod"),
])  # fmt: skip
def test_what_cannot_be_compared_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    commit(tmp_path, prod=one("branded"))
    done = linkproof("diff", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)


def test_a_config_that_leads_out_of_the_repository_reads_nothing_and_the_others_are_still_shown(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    write(tmp_path, {"elsewhere.yaml": one("ready")})
    for place in (str(tmp_path / "elsewhere.yaml"), "../elsewhere.yaml", "absent.yaml"):
        commit(project, prod=one("branded"), test=one("branded"))
        commit(project, prod=one("branded"), test=one("ready"))
        write(project, {"Pulumi.prod.yaml": f"config: {{'linkproof:declaration': '{place}'}}\n"})
        subprocess.run([*GIT, "commit", "-qam", "two"], cwd=project, check=True)
        done = linkproof("diff", "HEAD~2", "HEAD", "--markdown", cwd=project)
        assert (done.returncode, done.stderr) == (2, "")
        assert "| prod |  |  | the declaration cannot be read: 1 error |" in done.stdout
        assert "branded → ready" in done.stdout


def test_the_configs_changes_are_named_without_a_value_and_an_account_that_it_lacks_is_an_error(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("ready"))
    write(tmp_path, {"Pulumi.prod.yaml": "config: {'linkproof:accounts': {default: {aws: {profile: hidden}}}}\n"})
    done = linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path)
    assert (done.returncode, "hidden" in done.stdout) == (0, False)
    assert "The config of prod changes: linkproof:accounts." in done.stdout
    write(
        tmp_path,
        {"stacks/prod.yaml": one("ready").replace("{provider: cloudfront}", "{provider: cloudfront, account: web}")},
    )
    done = linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path)
    assert (done.returncode, "a declaration cannot be read" in done.stdout, "web" in done.stdout) == (2, True, True)


def test_a_base_whose_account_is_missing_is_still_compared(tmp_path: Path) -> None:
    """It is what the pull request may mend."""
    broken = one("ready").replace("{provider: cloudfront}", "{provider: cloudfront, account: web}")
    commit(tmp_path, prod=broken)
    write(tmp_path, {"Pulumi.prod.yaml": "config: {'linkproof:accounts': {web: {}}}\n"})
    done = linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path)
    assert (done.returncode, "nothing changes outside" in done.stdout) == (0, True)


def test_a_warning_is_told_where_the_change_brings_it(tmp_path: Path) -> None:
    warned = one("ready").replace("edges:\n", "edges:\n  spare: {provider: cloudfront}\n")
    commit(tmp_path, prod=one("ready"))
    write(tmp_path, {"stacks/prod.yaml": warned})
    done = linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path)
    assert (done.returncode, "warning: no link names this edge" in done.stdout) == (0, True)
    commit(tmp_path, prod=warned)
    write(tmp_path, {"stacks/prod.yaml": warned + "# said\n"})
    assert "warning" not in linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path).stdout


def test_a_config_may_name_its_declaration_by_the_whole_path(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("branded"))
    write(tmp_path, {"Pulumi.prod.yaml": f"config: {{'linkproof:declaration': '{tmp_path}/stacks/prod.yaml'}}\n"})
    subprocess.run([*GIT, "commit", "-qam", "two"], cwd=tmp_path, check=True)
    write(tmp_path, {"stacks/prod.yaml": one("ready")})
    assert "branded → ready" in linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path).stdout


def test_a_thousand_problems_leave_room_for_the_other_stacks(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("ready"), test=one("ready"))
    broken = one("ready") + "".join(
        f"  link{n}: {{sender: nobody, click_host: 'a b', phase: {'x' * 50}}}\n" for n in range(300)
    )
    commit(tmp_path, prod=broken, test=one("live"))
    text = linkproof("diff", "HEAD~1", "HEAD", "--markdown", cwd=tmp_path).stdout
    assert len(text) <= MAX_CHARACTERS
    assert re.search(r"- and [0-9,]+ more", text)
    assert "<details><summary>test: one" in text
    assert "Not shown" not in text


@pytest.mark.parametrize("config", ["config: {aws:region: 2024-13-01}\n", "config: {1: x, b: y}\n", "[" * 3000])
def test_a_config_that_is_no_config_ends_no_other_stack(tmp_path: Path, config: str) -> None:
    commit(tmp_path, prod=one("branded"), dev=one("live"))
    commit(tmp_path, prod=one("ready"), dev=one("live"))
    write(tmp_path, {"Pulumi.dev.yaml": config})
    done = linkproof("diff", "HEAD", ".", "--markdown", cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.startswith(MARKER)
