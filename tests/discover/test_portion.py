"""Entries go from one text to another with their lines as they are, and every other byte stays."""

from __future__ import annotations

import pytest
from linkproof.declaration.nodes import read
from linkproof.discover.portion import LayoutError, lines_of, with_lines, without

TEXT = """\
# the brand's
version: 1

links:
  # first of all
  one: {sender: sendgrid,   phase: live}  # kept wide

  # the second
  # in two lines
  two:
    sender: "sendgrid"
    # said inside
    phase: live
    # and at its end

  three:
    notes: |
      a text

      of lines
edges:
  aws: {provider: cloudfront}
"""


def test_an_entry_is_taken_with_its_comments_and_nothing_else_changes() -> None:
    assert lines_of(TEXT, "t", ("links", "two")) == TEXT[TEXT.index("  # the second") : TEXT.index("\n  three:")]
    after = without(TEXT, "t", [("links", "two")])
    assert after == TEXT.replace(lines_of(TEXT, "t", ("links", "two")) + "\n", "")
    assert "# first of all" not in without(TEXT, "t", [("links", "one")])


def test_all_entries_of_a_section_leave_its_head() -> None:
    after = without(TEXT, "t", [("links", key) for key in ("one", "two", "three")])
    assert "links:\n" in after
    assert read(after, "t").value["links"] is None
    back = with_lines(
        after, "t", [(("links", key), lines_of(TEXT, "t", ("links", key))) for key in ("one", "two", "three")]
    )
    assert read(back, "t").value == read(TEXT, "t").value


@pytest.mark.parametrize(
    "target",
    [
        "version: 1\nlinks:\n  other: {phase: live}\n  # behind\n",
        "version: 1\nlinks:\n      other: {phase: live}",
        "version: 1\r\nlinks:\r\n  other:\r\n    phase: live\r\n",
        "version: 1\nlinks:\n\nedges:\n  aws: {provider: cloudfront}\n",
        "version: 1\n",
        "",
    ],
)
def test_it_is_put_at_the_end_of_its_section_at_the_section_s_indent(target: str) -> None:
    for key in ("one", "two", "three"):
        after = with_lines(target, "t", [(("links", key), lines_of(TEXT, "s", ("links", key)))])
        assert read(after, "t").value["links"][key] == read(TEXT, "s").value["links"][key]
        before = read(target, "t").value or {}
        assert {**before, "links": None} == {**read(after, "t").value, "links": None} if target else True
        assert ("\r\n" in target) == ("\r\n" in after)
        kept = [line for line in target.splitlines() if line.strip()]
        rest = iter(after.splitlines())
        assert all(line in rest for line in kept), "what was there stays, in its order"


@pytest.mark.parametrize("text", ["links: {one: {phase: live}}\n", "{links: {one: {phase: live}}}\n"])
def test_what_has_no_lines_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(LayoutError, match="lines"):
        lines_of(text, "t", ("links", "one"))
    with pytest.raises(LayoutError):
        with_lines(text, "t", [(("links", "two"), "  two: {phase: live}\n")])
