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
    unasked = {one.requirement.id for one in run.of("not asked")}
    methods = set() if needs is None else {"POST", "OPTIONS"} - set(needs.methods)
    wanted = {"POST": {"method.post", "method.expect"}, "OPTIONS": {"method.options"}}
    assert unasked == {one for method in methods for one in wanted[method]}
