"""A planted secret is searched for everywhere: state, outputs, logs, expectations, reports, the lab's answers."""

from __future__ import annotations

from tests.engine.sandbox import Sandbox, link, linked

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
    for done in said:
        assert PLANTED not in done.stdout, done.args
        assert PLANTED not in done.stderr, done.args
    files = [file for file in (box.root / ".linkproof").rglob("*") if file.is_file()] + list(box.root.glob("*.yaml"))
    assert len(files) > 5
    for file in files:
        assert PLANTED.encode() not in file.read_bytes(), file
