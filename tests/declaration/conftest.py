"""A declaration without any problem, and edits of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from linkproof.declaration.load import Loaded, load_text

BASE = """\
version: 1
zones:
  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}
  example.net: {dns: route53, id: Z0EXAMPLE1}
  example.org: {dns: manual}
edges:
  aws: {provider: cloudfront}
  cf: {provider: cloudflare}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1.example.net, edge: aws, phase: live}
  two: {sender: sendgrid, click_host: url2.example.com, owner_host: 1.example.com, edge: cf, phase: live}
  three: {sender: sendgrid, click_host: url3.example.org, owner_host: 1.example.org, phase: branded}
tracking_hosts:
  karte: {provider: karte, host: t.example.com}
"""


@pytest.fixture
def base() -> str:
    return BASE


@pytest.fixture
def edited() -> Callable[..., Loaded]:
    """Load BASE with each `old` text replaced; an edit that finds nothing is a broken test."""

    def load(edits: dict[str, str]) -> Loaded:
        text = BASE
        for old, new in edits.items():
            assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
            text = text.replace(old, new)
        return load_text(text, "stacks/t.yaml")

    return load
