"""What is suggested for a word that is not known: the word that was meant, or no word at all."""

from __future__ import annotations

import pytest
from linkproof import registry
from linkproof.declaration.load import load_text
from linkproof.show import near_word

EDGES, PHASES = ("cloudfront", "cloudflare"), ("branded", "ready", "live", "secured")


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("cloudfornt", EDGES, "cloudfront"),
        ("CloudFlare", EDGES, "cloudflare"),
        ("cloud-front", EDGES, "cloudfront"),
        ("securd", PHASES, "secured"),
        ("owner", ("click_host", "owner_host", "phase"), "owner_host"),
        ("cx", ("cf", "aws"), "cf"),
        ("sendgird", ("sendgrid",), "sendgrid"),
        ("example.nett", ("example.net", "example.com"), "example.net"),
    ],
)
def test_a_slip_gets_the_word_that_was_meant(word: str, known: tuple[str, ...], meant: str) -> None:
    assert near_word(word, known) == meant


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("cloudrun", EDGES),
        ("clouddns", EDGES),
        ("akamai", EDGES),
        ("cloud", EDGES),
        ("sendinblue", ("sendgrid",)),
        ("adebis", ("karte",)),
        ("live", ("karte",)),
        ("a", ("b",)),
        ("example.com", ("example.org",)),
        ("", EDGES),
    ],
)
def test_another_word_gets_none(word: str, known: tuple[str, ...]) -> None:
    assert near_word(word, known) is None


VENDORS = [
    ("tracking_hosts:\n  t: {provider: WORD, host: t.example.org}", "adebis", "AD EBiS"),
    ("tracking_hosts:\n  t: {provider: WORD, host: t.example.org}", "some-other", "some-other"),
    ("links:\n  a: {sender: WORD, click_host: u.example.org, owner_host: 1.example.org, phase: branded}", "mailgun", "mailgun"),
    ("links:\n  a: {sender: WORD, click_host: u.example.org, owner_host: 1.example.org, phase: branded}", "braze", "SendGrid or SparkPost"),
    ("links:\n  a: {sender: WORD, click_host: u.example.org, owner_host: 1.example.org, phase: branded}", "karte", "tracking_hosts"),
    ("edges:\n  e: {provider: WORD}", "bunny", "bunny"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "word", "named"), VENDORS, ids=lambda value: value if len(value) < 20 else "")
def test_a_vendor_that_is_not_served_is_not_known_here_and_nobody_elses_word_is_suggested(
    text: str, word: str, named: str
) -> None:
    found = load_text(f"version: 1\nzones:\n  example.org: {{dns: manual}}\n{text.replace('WORD', word)}\n", "t.yaml")
    (problem,) = [one for one in found.problems if one.rule.endswith("not-known")]
    assert "not known here" in problem.message
    assert named in f"{problem.message} {problem.fix}"
    assert "did you mean" not in problem.fix
    assert not problem.fix.startswith("write karte")


def test_an_unknown_dns_host_may_be_written_by_hand() -> None:
    (problem,) = [
        p for p in load_text("version: 1\nzones:\n  example.org: {dns: godaddy}\n", "t.yaml").problems if p.is_error
    ]
    assert (problem.rule, "dns: manual" in problem.fix) == ("zones.dns-not-known", True)


def test_an_edge_that_is_recognised_alone_is_not_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "version: 1\nzones:\n  example.org: {dns: manual}\nedges:\n  a: {provider: invented}\n"
    monkeypatch.setitem(registry.EDGES, "invented", "tests.plugins.recognised")
    (problem,) = [p for p in load_text(text, "t.yaml").problems if p.is_error]
    assert (problem.rule, problem.path) == ("edge.not-supported-yet", "edges.a.provider")
    assert "'invented' is not supported yet; supported: cloudfront, cloudflare" in problem.message
    assert "use one of: cloudfront, cloudflare" in problem.fix
