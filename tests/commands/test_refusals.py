"""How a refusal reaches the terminal, whatever the file that caused it holds."""

from __future__ import annotations

from linkproof.commands.standard_streams import _LONGEST_LINE, printable


def test_a_refusal_keeps_its_lines_and_loses_its_escapes():
    assert printable("a\x1b[2J\u202e\n  fix: b") == "a\\x1b[2J\\u202e\n  fix: b"


def test_only_a_line_that_nobody_reads_is_cut():
    usual = "x" * _LONGEST_LINE
    assert printable(f"{usual}\n{usual}") == f"{usual}\n{usual}"
    assert printable(f"{usual}x\nfix") == f"{usual}…\nfix"
    assert len(printable("\x1b" * 10**6)) < 5 * _LONGEST_LINE
