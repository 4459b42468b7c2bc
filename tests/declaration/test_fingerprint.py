"""One word for what a declaration asks for."""

from __future__ import annotations

import pytest
from linkproof.declaration.fingerprint import fingerprint
from linkproof.declaration.load import load_text

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
edges:
  aws: {provider: cloudfront}
links:
  one:
    sender: sendgrid
    click_host: url1.example.net
    owner_host: 1234567.example.net
    edge: aws
    phase: live
    canaries:
      - {url: "http://url1.example.net/ls/click?upn=first", leads_to: "https://example.net/a"}
      - {url: "http://url1.example.net/ls/click?upn=second", leads_to: "https://example.net/b"}
"""


def of(text: str) -> str:
    loaded = load_text(text.encode(), "x.yaml")
    assert loaded.declaration is not None, loaded.problems
    return fingerprint(loaded.declaration)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1\n", "# a comment\nversion: 1\n"),
        ("{dns: route53, id: Z0EXAMPLE0NET}", "{id: Z0EXAMPLE0NET, dns: route53}"),
        ("links:", "verify: {resolvers: [192.0.2.1]}\nlinks:"),
    ],
)
def test_what_changes_nothing_outside_changes_no_fingerprint(old, new):
    assert of(TEXT.replace(old, new)) == of(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("phase: live", "phase: ready"),
        ("route53, id: Z0EXAMPLE0NET", "route53, id: Z0EXAMPLE1NET"),
        ("phase: live", "phase: live\n    ttl_seconds: 60"),
        ("upn=first", "upn=third"),
        ("version: 1\n", "version: 1\nlab: true\n"),
    ],
)
def test_what_changes_something_outside_changes_it(old, new):
    assert of(TEXT.replace(old, new)) != of(TEXT)
