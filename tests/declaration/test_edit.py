"""Single values of a declaration's text: every other character stays, or nothing is changed."""

from __future__ import annotations

import pytest
from linkproof.declaration.edit import with_values
from linkproof.errors import LinkproofError

TEXT = """\
version: 1   # first
links:
  a: {sender: sendgrid, phase:  'ready' , edge: aws}   # one line
  b:
    # comment of phase: live
    phase: ready   # for now
    edge: aws
"""
A, B = ("links", "a", "phase"), ("links", "b", "phase")


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_a_word_changes_and_its_comments_stay(break_: str) -> None:
    text = TEXT.replace("\n", break_)
    after = with_values(text, "t.yaml", [(A, "live"), (B, "live")])
    assert after == text.replace("'ready'", "live").replace("phase: ready   #", "phase: live   #")


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_a_new_key_stands_behind_the_phase(break_: str) -> None:
    text = TEXT.replace("\n", break_)
    ttl = [(("links", link, "ttl_seconds"), "60") for link in "ab"]
    after = with_values(text, "t.yaml", ttl)
    inline = text.replace("'ready' ,", "'ready', ttl_seconds: 60 ,")
    assert after == inline.replace(f"for now{break_}", f"for now{break_}    ttl_seconds: 60{break_}")
    assert with_values(after, "t.yaml", [(("links", "b", "ttl_seconds"), "300")]).count("ttl_seconds: 300") == 1


def test_a_last_line_without_its_end_gets_one() -> None:
    text = "links:\n  b:\n    phase: ready"
    assert with_values(text, "t.yaml", [(("links", "b", "ttl_seconds"), "60")]) == f"{text}\n    ttl_seconds: 60\n"


@pytest.mark.parametrize("value", ["|-\n      ready", ">-\n      ready"])
def test_what_cannot_be_changed_alone_is_left_to_people(value: str) -> None:
    text = f"links:\n  b:\n    phase: {value}\n    edge: aws\n"
    with pytest.raises(LinkproofError, match=r"links\.b\.phase: live cannot be written"):
        with_values(text, "t.yaml", [(B, "live")])
