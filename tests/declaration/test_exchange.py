"""A link's two edges exchanged in a file's text: every other character stays."""

from __future__ import annotations

import pytest
from linkproof.declaration.exchange import exchanged
from linkproof.errors import LinkproofError

BLOCK = """\
version: 1   # first
links:
  a: {sender: sendgrid, edge: "aws",standby:   cf , phase: live}   # one line
  b:
    # comment of standby: aws
    standby: 'cf'  # ready
    edge: aws      # in use
    phase: live
"""


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_two_words_change_and_their_comments_stay(break_: str) -> None:
    text = BLOCK.replace("\n", break_)
    assert exchanged(text, "t.yaml", "a") == text.replace('"aws",standby:   cf ', 'cf,standby:   "aws" ')
    after = exchanged(text, "t.yaml", "b")
    assert after == text.replace("standby: 'cf'  # ready", "standby: aws  # ready").replace(
        "edge: aws      # in use", "edge: 'cf'      # in use"
    )
    assert exchanged(after, "t.yaml", "b") == text


def test_a_file_that_cannot_be_exchanged_by_two_words_is_left_alone() -> None:
    text = "links:\n  a:\n    edge: |-\n      aws\n    standby: cf\n"
    with pytest.raises(LinkproofError, match=r"t\.yaml:3: .* cannot be exchanged"):
        exchanged(text, "t.yaml", "a")
