"""Whatever a server sends: no format lets it reach a terminal, a page, a comment or a collector as more than text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from linkproof.verify.report.registry import FORMATS

from tests.verify.report.harmless import assert_harmless
from tests.verify.report.nasty import STRINGS, nasty, result


def check(name: str, text: str) -> None:
    assert_harmless(name, *result(text))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("position", range(len(STRINGS)))
def test_known_attacks_stay_text(name, position):
    check(name, STRINGS[position])


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=nasty)
def test_whatever_comes_stays_text(name, text):
    check(name, text)
