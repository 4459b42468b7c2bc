"""Hostile and broken YAML: a clear problem at the right place, in bounded work."""

from __future__ import annotations

import pytest
from linkproof.declaration import nodes
from linkproof.declaration.load import load_text
from linkproof.declaration.nodes import MOST_DEPTH, MOST_NODES, MOST_PROBLEMS, read
from linkproof.declaration.rules import RULES
from linkproof.declaration.text import MOST_BYTES

# Each row is a rule, the line and column where it must be reported, and the text.
HOSTILE: list[tuple[str, int, int, bytes | str]] = [
    ("yaml.size", 1, 1, b"#" * (MOST_BYTES + 1)),
    ("yaml.encoding", 1, 1, "version: 1\n".encode("utf-16")),
    ("yaml.encoding", 1, 1, "version: 1\n".encode("utf-16-be")),
    ("yaml.encoding", 1, 1, "version: 1\n".encode("utf-32")),
    ("yaml.encoding", 2, 5, b"a: 1\nb: \xc3\xbc\xff"),
    ("yaml.character", 2, 2, b"a: 1\nb\x00: 2"),
    ("yaml.character", 1, 4, "a: \ud800"),
    ("yaml.character", 1, 7, "lab:  \x1b[31mred"),
    ("yaml.character", 2, 6, 'version: 1\nlab: "\\x1b[31m"'),
    ("yaml.tab", 2, 1, "zones:\n\texample.com: {}"),
    ("yaml.syntax", 2, 1, "zones: {"),
    ("yaml.syntax", 1, 8, "zones: }"),
    ("yaml.syntax", 1, 5, "a: b: c"),
    ("yaml.empty", 1, 1, ""),
    ("yaml.empty", 1, 1, "# nothing here\n"),
    ("yaml.empty", 1, 1, "---\n...\n"),
    ("yaml.not-a-mapping", 1, 1, "- version: 1"),
    ("yaml.not-a-mapping", 1, 1, "version"),
    ("yaml.documents", 2, 1, "version: 1\n---\nversion: 1\n"),
    ("yaml.alias", 1, 8, "zones: &z {}\n"),
    ("yaml.alias", 3, 8, "version: 1\nzones: {}\nedges: *z\n"),
    ("yaml.alias", 1, 9, "zones: *.example.com\n"),
    ("yaml.tag", 2, 6, "version: 1\nlab: !!python/object/apply:os.system [id]"),
    ("yaml.tag", 1, 10, "version: !!str 1"),
    ("yaml.merge-key", 2, 3, "zones:\n  <<: {a: b}\n"),
    ("yaml.key", 1, 3, "? [a, b]\n: c\n"),
    ("yaml.key", 2, 1, "version: 1\n~: 2"),
    ("yaml.key", 2, 1, 'version: 1\n"a\\nb": 2'),
    ("yaml.key", 2, 1, f"version: 1\n{'k' * 401}: 2"),
    ("yaml.duplicate-key", 2, 1, "version: 1\nversion: 2"),
    ("yaml.depth", 1, 4 + MOST_DEPTH, f"a: {'[' * 100_000}"),
    ("yaml.depth", 1, 4 + MOST_DEPTH * 4, "a: " + "{b: " * 1000),
    ("yaml.nodes", 1, 5 + 2 * (MOST_NODES - 3), f"a: [{'a,' * MOST_NODES}]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "line", "column", "text"),
    HOSTILE,
    ids=lambda value: value if isinstance(value, str) and value.startswith("yaml.") else "",
)
def test_hostile_text_is_refused_where_it_is(rule: str, line: int, column: int, text: bytes | str) -> None:
    loaded = load_text(text, "x.yaml")
    assert loaded.declaration is None
    found = [problem for problem in loaded.problems if problem.rule == rule]
    assert [(problem.place.line, problem.place.column) for problem in found][:1] == [(line, column)]
    assert len(str(found[0])) < 500


def test_every_reader_rule_is_provoked() -> None:
    assert {rule for rule in RULES if rule.startswith("yaml.")} == {rule for rule, *_ in HOSTILE} | {"yaml.problems"}


def test_a_billion_laughs_is_never_expanded() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    tree = read("\n".join(lines), "x.yaml")
    assert sum(problem.rule == "yaml.alias" for problem in tree.problems) == 30 + 29 * 9
    assert len(tree.places) < 30 * 11


def test_problems_are_bounded_and_the_last_one_says_so() -> None:
    loaded = load_text("a: [" + "*a," * 100_000 + "]", "x.yaml")
    assert len(loaded.problems) == MOST_PROBLEMS + 1
    assert "yaml.problems" in {problem.rule for problem in loaded.problems}


def test_reading_stops_at_the_limit_and_asks_the_parser_for_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    parse = nodes.yaml.parse

    def counting(*args: object, **kwargs: object) -> object:
        nonlocal asked
        for event in parse(*args, **kwargs):
            asked += 1
            yield event

    monkeypatch.setattr(nodes.yaml, "parse", counting)
    read("[" * 1_000_000, "x.yaml")
    assert asked < MOST_DEPTH + 10


def test_long_keys_do_not_multiply_over_their_children() -> None:
    key = "k" * 390
    tree = read(f"{key}:\n  {key}: {{{', '.join(f'a{n}: 1' for n in range(1000))}}}\n", "x.yaml")
    assert max(map(len, tree.places)) <= nodes.MOST_PATH_CHARACTERS
    assert [problem.rule for problem in tree.problems] == ["yaml.key"]


@pytest.mark.parametrize(
    "written", ["0123", "1e5", "0x1F", "1_000", "no", "on", "yes", "1.0", "2026-11-22", "0o17", "12:30:45", ".inf", "="]
)
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert read(f"id: {written}", "x.yaml").value == {"id": written}


def test_only_a_plain_null_is_nothing() -> None:
    assert read("a: null\nb: ~\nc:\nd: 'null'\ne: ''", "x.yaml").value == {
        "a": None,
        "b": None,
        "c": None,
        "d": "null",
        "e": "",
    }


def test_a_utf8_mark_and_windows_line_ends_are_read(base: str) -> None:
    data = b"\xef\xbb\xbf" + base.replace("\n", "\r\n").encode()
    loaded = load_text(data, "x.yaml")
    assert loaded.problems == ()
    assert loaded.declaration is not None
    assert str(loaded.declaration.places["links.one.click_host"]) == "x.yaml:10:27"


def test_every_path_has_the_place_of_its_key() -> None:
    text = "links:\n  newsletter:\n    click_host: a\nzones:\n  bücher.org: {dns: manual, caa: [{tag: a}, {tag: b}]}\n"
    places = {path: (place.line, place.column) for path, place in read(text, "x.yaml").places.items()}
    assert places["links.newsletter"] == (2, 3)
    assert places["links.newsletter.click_host"] == (3, 5)
    assert places["zones.bücher.org"] == (5, 3)
    assert places["zones.bücher.org.dns"] == (5, 16)
    assert places["zones.bücher.org.caa.1.tag"] == (5, 46)


def test_both_parsers_read_alike(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read(base, "x.yaml")
    monkeypatch.setattr(nodes, "_LOADER", nodes.yaml.SafeLoader)
    slow = read(base, "x.yaml")
    assert (fast.value, fast.places, fast.problems) == (slow.value, slow.places, slow.problems)
