"""A report that is written piece by piece is, octet for octet, the one that is made whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from linkproof.verify.report import document
from linkproof.verify.report.registry import FORMATS, pieces, produce
from linkproof.verify.seen import Asked

from tests.verify.report.nasty import AT, STRINGS, result


def with_asked(text: str, times: int):
    found, wanted = result(text, times)
    asked = tuple(Asked(f"{text}{number}", "0" * 16, {"tokyo": "right"}) for number in range(times))
    return replace(found, asked=asked), wanted


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", STRINGS[:10])
def test_the_pieces_of_a_report_are_the_report(name, text):
    found, wanted = with_asked(text, 300)
    made = list(pieces(name, found, wanted, AT))
    assert "".join(made) == produce(name, found, wanted, AT)


def test_json_of_a_large_run_is_never_there_as_a_whole():
    found, wanted = with_asked("link", 5_000)
    made = list(document.written(found, wanted, AT))
    assert "".join(made) == document.render(found, wanted, AT)
    assert json.loads("".join(made)) == found.to_json()
    assert max(map(len, made)) < len("".join(made)) / 10
