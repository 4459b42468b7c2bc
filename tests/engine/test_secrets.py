"""A planted secret is searched for everywhere: state, outputs, logs, expectations, reports, the lab's answers."""

from __future__ import annotations

import subprocess

from tests.engine.sandbox import Sandbox, link, linked
from tests.pull_request.repository import GIT

PLANTED = "planted-cloudflare-token-5b1f9c-0123456789abcdef"


def test_a_planted_secret_is_nowhere_in_plain_text(box: Sandbox) -> None:
    box.stack("dev", linked({"com": link("url2.example.com", "branded", None)}), token=PLANTED)
    said = [box.pulumi("preview", "--stack", "dev", "--diff"), box.up("dev", "--logtostderr", "-v=3")]
    said += [box.pulumi("stack", "output", "--json", "--stack", "dev"), box.pulumi("stack", "export", "--stack", "dev")]
    said += [
        box.linkproof("verify", "dev"),
        box.linkproof("expectations", "dev", "--json"),
        box.linkproof("env", "dev"),
    ]
    said.append(_pull_request(box))
    for done in said:
        assert PLANTED not in done.stdout, done.args
        assert PLANTED not in done.stderr, done.args
    files = [file for file in (box.root / ".linkproof").rglob("*") if file.is_file()] + list(box.root.glob("*.yaml"))
    assert len(files) > 5
    for file in files:
        assert PLANTED.encode() not in file.read_bytes(), file


def _pull_request(box: Sandbox) -> subprocess.CompletedProcess[str]:
    """What a pull request with credentials shows: the declaration's change, the program, and the engine's preview of it."""
    for command in (["init", "-q"], ["add", "Pulumi.yaml", "Pulumi.dev.yaml", "stacks"], ["commit", "-qm", "one"]):
        subprocess.run([*GIT, *command], cwd=box.root, check=True, capture_output=True)
    box.declare("dev", linked({"com": link("url2.example.com", "branded", None, ttl_seconds=600)}))
    done = box.linkproof("diff", "HEAD", ".", "--markdown", "--run-program", "--preview", "dev")
    assert "The program runs for dev, without an engine:" in done.stdout
    assert "resolvers may keep it for 600 s in place of 300 s" in done.stdout
    assert "<code>pulumi preview</code> of dev: 4 update" in done.stdout, done.stdout
    assert "- update url2.example.com/CNAME (ttl)  cloudflare:index/dnsRecord:DnsRecord" in done.stdout, done.stdout
    return done
