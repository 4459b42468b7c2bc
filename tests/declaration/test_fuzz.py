"""Whatever the bytes are, reading them ends with problems or a declaration, never with an exception."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkproof.declaration.load import Loaded, load_text
from linkproof.declaration.nodes import MOST_PROBLEMS

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

WORDS = st.sampled_from(
    ["version", "1", "zones", "edges", "links", "tracking_hosts", "verify", "example.com", "url1.example.com", "bücher.org", "dns", "cloudflare",
     "route53", "manual", "id", "sender", "sendgrid", "click_host", "owner_host", "edge", "managed", "phase", "live", "caa", "tag", "issue", "value",
     "provider", "karte", "host", "resolvers", "ttl_seconds", "account", "a", "*", "&a", "*a", "!!int", "<<", "null", "~", "0x1", "'", '"', "xn--a", "🙈"]
)  # fmt: skip
SCALARS = st.one_of(WORDS, st.text(max_size=12), st.integers().map(str))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=25,
)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]" if isinstance(value, list) else str(value)


def _holds(loaded: Loaded) -> None:
    assert len(loaded.problems) <= 2 * MOST_PROBLEMS
    assert (loaded.declaration is None) == any(problem.is_error for problem in loaded.problems)
    for problem in loaded.problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert str(problem).isprintable()
        assert problem.fix
    assert list(loaded.problems) == sorted(loaded.problems, key=lambda p: (p.place.line, p.place.column, p.rule))


@RELAXED
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    _holds(load_text(data, "x.yaml"))


@RELAXED
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    _holds(load_text(text, "x.yaml"))


@RELAXED
@given(VALUES)
def test_any_nesting_of_known_words(value: object) -> None:
    _holds(load_text(_flow(value), "x.yaml"))


@RELAXED
@given(
    st.sampled_from(["zones", "edges", "links", "tracking_hosts", "verify"]),
    WORDS,
    st.dictionaries(WORDS, VALUES, max_size=7),
)
def test_any_entry_in_a_section(section: str, key: str, entry: dict[str, object]) -> None:
    _holds(load_text(f"version: 1\n{section}:\n  {key}: {_flow(entry)}\n", "x.yaml"))


@RELAXED
@given(st.data())
def test_any_piece_of_a_real_declaration_replaced(data: st.DataObject) -> None:
    text = (
        "version: 1\nzones:\n  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}\n"
        "edges: {cf: {provider: cloudflare}}\nlinks:\n  a:\n    sender: sendgrid\n    click_host: url1.example.com\n"
        "    owner_host: 1.example.com\n    edge: cf\n    phase: live\n"
    )
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    _holds(load_text(text[:start] + data.draw(st.text(max_size=10)) + text[end:], "x.yaml"))
