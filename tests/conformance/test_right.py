"""A right edge breaks nothing, and what cannot be asked is said with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linkproof.conformance.requirements.all import required
from linkproof.conformance.run.start import needs_of

from tests.conformance.conftest import Authority, broken, conformance_of


@pytest.mark.parametrize("sender", [None, "sendgrid", "ses", "sparkpost"])
def test_a_right_edge_breaks_nothing(authority: Authority, sender: str | None) -> None:
    needs = needs_of(sender)
    if needs is not None:
        needs = replace(needs, cache_seconds=min(needs.cache_seconds, 1))
    run = conformance_of(authority, needs=needs)
    assert broken(run) == {}
    assert [one.requirement.id for one in run.outcomes] == [one.id for one in required(needs)]
    assert run.of("not asked") == []
    assert (run.verdict, run.exit_code) == ("proven", 0)


def test_a_method_that_a_sender_does_not_take_is_not_required() -> None:
    asked = {
        sender: {one.id for one in required(needs_of(sender))} for sender in (None, "sendgrid", "ses", "sparkpost")
    }
    every = {"method.head", "method.post", "method.options", "method.expect"}
    assert {sender: every - ids for sender, ids in asked.items()} == {
        None: set(),
        "sendgrid": set(),
        "ses": {"method.post", "method.expect"},
        "sparkpost": {"method.post", "method.options", "method.expect"},
    }
