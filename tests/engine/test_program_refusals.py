"""What the program refuses is said in a preview as everywhere: with its fix, and without a traceback."""

from __future__ import annotations

from tests.engine.sandbox import Sandbox, link, linked


def test_an_unknown_account_or_a_wrong_declaration_ends_a_preview_without_a_traceback(fresh: Sandbox) -> None:
    fresh.stack("t", linked({"one": link("url1.example.net", "branded")}))
    wrong = linked({"one": link("url1.example.net", "branded")})
    wrong["zones"]["example.net"]["account"] = "nobody"
    fresh.declare("t", wrong)
    assert "accounts.unknown" in fresh.linkproof("check", "t", code=2).stdout
    for broken, words in (
        (wrong, "linkproof:accounts"),
        (linked({"one": link("url1.example.nett", "branded")}), "fix:"),
    ):
        fresh.declare("t", broken)
        done = fresh.pulumi("preview", "--stack", "t", "--suppress-outputs", code=None)
        said = done.stdout + done.stderr
        assert done.returncode != 0
        assert words in said
        assert "Traceback" not in said
