"""Adding to a declaration: lines come in, and every other byte stays."""

from __future__ import annotations

import itertools
from io import StringIO
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.declaration.load import load_text
from linkproof.declaration.nodes import read
from linkproof.discover.document import AddingError, added
from linkproof.discover.entries import Composed, Entry, Note
from linkproof.discover.existing import existing_of
from linkproof.discover.file import DeclarationFile
from linkproof.errors import LinkproofError
from ruamel.yaml import YAML

LINK = {"sender": "sendgrid", "click_host": "url9.example.net", "owner_host": "9.example.net", "phase": "branded"}
NEW = Composed(
    (
        Entry("zones", "example.net", {"dns": "manual"}, ("seen in 'x'",)),
        Entry("links", "url9", LINK),
    ),
    (Note("links", "'promo' → 'x': seen"),),
)
ODD = """\
# a comment above all
version:   1   # aligned   by hand

zones:   # each with its id
    # four columns in
    example.org:   {dns: manual,propagation_seconds: 60}   # flow, tight
    example.com:
        dns:     'manual'

    # example.edu: {dns: manual}   a commented-out entry

links:
    first: {sender: sendgrid, click_host: url1.example.org,
            owner_host: "1.example.org", phase: branded}  # over two lines

# between sections
verify:
  resolvers: [ 9.9.9.9 ]
# the end
"""


def subsequence(lines: list[str], of: list[str]) -> bool:
    left = iter(of)
    return all(line in left for line in lines)


def holds_both(before: str, after: str) -> None:
    """What was there stays, line for line, and what is new can be read."""
    assert subsequence(before.splitlines(keepends=True), after.splitlines(keepends=True))
    then, now = read(before, "x").value or {}, read(after, "x").value
    for section in (set(then) | set(now)) - {"version"}:
        new = {entry.key for entry in NEW.entries if entry.section == section}
        held = now[section]
        kept = {key: value for key, value in held.items() if key not in new} if isinstance(held, dict) else held
        assert (kept or {}) == (then.get(section) or {})
    assert now["links"]["url9"] == LINK
    assert now["zones"]["example.net"] == {"dns": "manual"}


def test_odd_layout_stays_and_entries_stand_in_their_sections() -> None:
    after = added(ODD, NEW, "x.yaml")
    holds_both(ODD, after)
    assert "        dns:     'manual'\n    # seen in 'x'\n    example.net: {dns: manual}\n" in after
    assert "phase: branded}  # over two lines\n    url9:\n      sender: sendgrid\n" in after
    assert "    # 'promo' → 'x': seen\n\n# between sections\n" in after
    assert load_text(after, "x.yaml").errors == ()


def test_ruamels_own_round_trip_would_lay_it_out_anew() -> None:
    """The reason for splicing: once this fails, the library can write the whole file."""
    for text in (ODD, "a: 1\r\nb:\r\n  c: 2\r\n"):
        yaml_ = YAML()
        yaml_.preserve_quotes = True
        yaml_.width = 10**6
        stream = StringIO()
        yaml_.dump(yaml_.load(text), stream)
        assert stream.getvalue() != text


@pytest.mark.parametrize("text", [
    "version: 1\n",
    "version: 1",
    "version: 1\nzones:\nlinks:\n",
    "version: 1\nzones:   # none yet\n  # example.org: {dns: manual}\nlinks:",
    "version: 1\nlinks:\n  a:\n    sender: sendgrid\nzones:\n  example.org: {dns: manual}",
    "version: 1\nlinks:\n  a:\nzones:\n  b: [\n    1,\n    2]\n\n\n",
    "version: 1\nlinks:\n  a: |\n    text\n\n    more\nzones:\n  b: >-\n    text\n",
    "version: 1\nlinks:\n  a: 'one\n    two'\n",
    "--- # a document\nversion: 1\n... # its end\n# behind it\n",
    "# only a comment\n",
    "",
    "version: 1\nverify:\n  resolvers:\n  - 9.9.9.9\n  # a tail\n",
    "\"version\": 1\n'links':\n  ? a\n  : {sender: x}\n",
    "version: 1\nlinks: {} # flow\n",
    "version: 1\nlinks: {a: {sender: x}}\n",
])  # fmt: skip
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_any_layout_is_added_to_or_refused_with_its_line(text: str, break_: str) -> None:
    text = text.replace("\n", break_)
    if "{} # flow" in text or "links: {a" in text:
        with pytest.raises(AddingError, match=r"x\.yaml:2: links is written in braces"):
            added(text, NEW, "x.yaml")
        return
    after = added(text, NEW, "x.yaml")
    if break_ not in text:
        break_ = "\n"
    holds_both(text if text.endswith(break_) or not text else text + break_, after)
    if break_ == "\r\n" and "\r\n" in text:
        assert "\n" not in after.replace("\r\n", "")


@pytest.mark.parametrize(("text", "words"), [
    ("version: 1\nlinks: [a]\n", ":2: links is no mapping"),
    ("version: 1\nlinks: null\n", ":2: links is written as null"),
    ("version: 1\nlinks: text\n", ":2: links is no mapping"),
    ("{version: 1}\n", "the whole file is one"),
    ("- a\n", "not keys and values"),
    ("a: [\n", "not YAML"),
])  # fmt: skip
def test_what_cannot_be_added_to_is_refused(text: str, words: str) -> None:
    with pytest.raises(AddingError, match=words) as error:
        added(text, NEW, "x.yaml")
    assert error.value.fix


@pytest.mark.parametrize("text", [
    "version: 1\nzones: &z\n  example.org: {dns: manual}\n",
    "version: 1\nlinks:\n  a: &x {sender: sendgrid}\n  b: *x\n",
    "version: 1\nlinks:\n  b:\n    <<: {sender: sendgrid}\n",
    "version: 1\n---\nversion: 1\n",
])  # fmt: skip
def test_a_file_that_check_would_not_read_is_not_added_to(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(LinkproofError, match=r"x\.yaml:"):
        DeclarationFile.open(tmp_path / "x.yaml", "x.yaml", "").existing()


def test_a_mark_and_the_files_mode_stay(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfversion: 1\r\n")
    path.chmod(0o640)
    file = DeclarationFile.open(path, "x.yaml", "")
    assert file.write(added(file.text, NEW, "x.yaml"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfversion: 1\r\n\r\nzones:\r\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["x.yaml"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.yaml").write_text("version: 1\n")
    (tmp_path / "x.yaml").symlink_to("real/x.yaml")
    file = DeclarationFile.open(tmp_path / "x.yaml", "x.yaml", "")
    assert file.write(added(file.text, NEW, "x.yaml"))
    assert (tmp_path / "x.yaml").is_symlink()
    assert "url9" in (tmp_path / "real" / "x.yaml").read_text()


def test_a_note_that_stands_there_is_not_said_twice() -> None:
    once = added("version: 1\n", Composed(notes=NEW.notes), "x")
    assert added(once, Composed(notes=NEW.notes), "x") == once


def test_what_others_wrote_stays_a_comment_on_one_line_and_hides_secrets() -> None:
    secret = "SG.abcdefghijklmnopqrstuvwxyz0123456789"
    words = f"a\nlinks: {{}}\r\x85\u2028 \x1b[31m {secret} {'x' * 1000}"
    after = added(
        "version: 1\n", Composed((Entry("zones", "e.org", {"dns": "manual"}, (words,)),), (Note("links", words),)), "x"
    )
    assert secret not in after
    assert len(after.splitlines()) == 8
    assert read(after, "x").value == {"version": "1", "zones": {"e.org": {"dns": "manual"}}, "links": None}


@pytest.mark.parametrize("value", ["0123", "1e3", "no", "null", "a: b", "# x", "'", "0x1f", "2026-11-28", "1234567"])
def test_a_value_is_read_back_as_the_text_that_it_was(value: str) -> None:
    after = added("version: 1\n", Composed((Entry("zones", "example.org", {"dns": "route53", "id": value}),)), "x")
    assert read(after, "x").value["zones"]["example.org"]["id"] == value


def test_existing_entries_are_known_by_what_they_are() -> None:
    tree = yaml.safe_load(
        "zones: {Bücher.org: {}}\nedges: {a: {provider: cloudfront}}\nlinks: {k: {click_host: URL1.Example.net., owner_host: 1.example.net}, bad: 1}"
    )
    existing = existing_of(tree)
    assert existing.has_host("url1.example.net")
    assert existing.has_host("1.example.net")
    assert existing.has_zone_of("x.xn--bcher-kva.org")
    assert existing.edge_key("cloudfront", "default") == "a"
    assert existing_of(None).keys["links"] == frozenset()


PARTS = ["version: 1\n", "zones:\n", "  example.org: {dns: manual}\n", "links:\n", "  a:\n", "    sender: x\n", "# c\n", "  # c\n", "\n", "  b: 'x'  # c\n", "edges: # c\n", "verify:\n", "  ca: |\n", "    text\n", "...\n", "---\n", "links: {}\n"]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=12), st.booleans())
def test_whatever_the_file_is_it_holds_both_or_is_refused(parts: list[str], crlf: bool) -> None:
    text = "".join(parts)
    text = text.replace("\n", "\r\n") if crlf else text
    tree = read(text, "x")
    if tree.problems or not isinstance(tree.value, dict):
        return
    try:
        after = added(text, NEW, "x")
    except AddingError as error:
        refused = str(error)
    else:
        refused = ""
    assert "without changing" not in refused, "that net is for what nobody thought of"
    if refused:
        return
    assert not read(after, "x").problems
    holds_both(text, after)


def test_a_comment_that_its_reader_cannot_place_is_refused_by_its_reason() -> None:
    text = "edges: # c\n    text\n\n"
    assert not read(text, "x").problems, "it is YAML"
    with pytest.raises(AddingError, match="a comment stands between a key and its value"):
        added(text, NEW, "x")


def test_parts_make_files_that_are_added_to() -> None:
    """The property above would hold for nothing as well."""
    made = ["".join(parts) for parts in itertools.permutations(PARTS[:4])]
    assert sum(isinstance(read(text, "x").value, dict) for text in made) > 5
