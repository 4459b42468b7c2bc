"""What a page's tag talks to, by its text alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.errors import LinkproofError
from linkproof.karte.page import check_page
from linkproof.karte.tag import tag
from linkproof.names import HostName

from tests.commands.cli import linkproof, refused
from tests.karte.conftest import HOST

NAME = HostName(HOST)
TAG = tag(NAME, "0123456789abcdef")
PAGE = f"<!doctype html><html><head><title>x</title>\n{TAG}</head><body>...</body></html>"
PATHS = {"track_url": "/track", "chat_url": "/chat", "collection_url": "/collection", "general_url": "/general"}


def ids(page: str) -> set[tuple[str, str]]:
    return {(one.id, one.kind) for one in check_page(page, NAME)}


def test_the_tag_that_is_printed_is_right_wherever_it_stands():
    assert ids(PAGE) == ids(TAG) == set()
    assert ids(PAGE.replace("\n", "\r\n")) == set()
    for path in PATHS.values():
        assert TAG.count(f"https://{HOST}{path}'") == 1
    assert "httponly_cookie: true" in TAG


def test_a_key_cannot_end_its_string():
    with pytest.raises(LinkproofError, match="other characters"):
        tag(NAME, '"});alert(1)//')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("track_url: 'https://t.example.com/track'", '"track_url": "https:\\/\\/t.example.com\\/track"'),
        ("track_url: 'https://t.example.com/track'", "track_url: `https://t.example.com/track`"),
        ("track_url: 'https://t.example.com/track'", "track_url: '\\x68ttps://t.\\u0065xample.com/track'"),
        ("httponly_cookie: true", "httponly_cookie: !0"),
        ("httponly_cookie: true,", "// httponly_cookie: false,\n/* chat_url: 'https://t.karte.io/chat' */ httponly_cookie: true,"),
        ("tracker.init(", "window.tracker.init("),
        ("tracker.init(", 'window["tracker"].init('),
        ("general'\n", "general',\n"),
        ("<script", "<!-- <script>tracker.init('x', {})</script> --><script"),
        ("<script", "<script type='application/json'>{\"u\": \"https://t.karte.io/\"}</script><script"),
        ("<script", "<script src='https://www.example.com/x.js'></script><script"),
        ("<script", "<script>LogRocket.init('a', {track_url: 'https://x.test/'})</script><script"),
        ("httponly_cookie: true", "httponly_cookie: true, support_history: {a: ['b', {c: 1}]}"),
    ],
)  # fmt: skip
def test_another_way_to_write_the_same_is_right(old, new):
    assert old in PAGE
    assert ids(PAGE.replace(old, new, 1)) == set()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        *((f"https://{HOST}{path}", f"https://other.example.com{path}", {(f"page.{option}", "differs")}) for option, path in PATHS.items()),
        *((f"    {option}: 'https://{HOST}{path}'", "", {(f"page.{option}", "differs")}) for option, path in PATHS.items()),
        ("https://t.example.com/track", "http://t.example.com/track", {("page.track_url", "differs")}),
        ("https://t.example.com/track", "https://t.example.com/tracks", {("page.track_url", "differs")}),
        ("https://t.example.com/track", "https://t.karte.io/track", {("page.track_url", "differs")}),
        ("'https://t.example.com/track'", "host + '/track'", {("page.track_url", "unknown")}),
        ("'https://t.example.com/track'", "`https://${host}/track`", {("page.track_url", "unknown")}),
        ("    httponly_cookie: true,\n", "", {("page.httponly_cookie", "differs")}),
        ("httponly_cookie: true", "httponly_cookie: false", {("page.httponly_cookie", "differs")}),
        ("httponly_cookie: true", "httponly_cookie: 'true'", {("page.httponly_cookie", "differs")}),
        ('"0123456789abcdef"', '"<api_key>"', {("page.key", "differs")}),
        ('"0123456789abcdef"', "key", {("page.key", "unknown")}),
        ("httponly_cookie: true", "log_url: 'https://x.test/log', httponly_cookie: true", {("page.other-url", "differs")}),
        ("<script", "<script src='//t.karte.io/x.js'></script><script", {("page.elsewhere", "differs")}),
        ("<script", "<script>fetch('https://t.karte.io/track')</script><script", {("page.elsewhere", "differs")}),
        ("httponly_cookie: true", "...common, httponly_cookie: true", {("page.options", "unknown")}),
    ],
)  # fmt: skip
def test_each_fault_of_a_tag(old, new, found):
    assert old in PAGE
    page = PAGE.replace(old, new, 1).replace(",\n,", ",").replace("/collection',\n\n", "/collection'\n")
    assert ids(page) == found


def test_the_standard_tag_talks_to_karte_itself():
    standard = TAG[: TAG.index("tracker.init")] + 'tracker.init("0123");\n</script>'
    assert {one for one, _ in ids(standard)} == {*(f"page.{option}" for option in PATHS), "page.httponly_cookie"}


def test_a_second_tag_is_judged_too_whatever_it_is_called():
    second = "<script>window.karte_tracker_names = ['tracker', 'second']</script><script>second.init('k', {})</script>"
    assert ("page.track_url", "differs") in ids(PAGE.replace("</head>", f"{second}</head>"))


def test_no_tag_and_a_tag_manager():
    assert ids("<html></html>") == {("page.no-tag", "differs")}
    assert ids("<script src='https://www.example.com/gtm.js'></script>") == {("page.no-tag", "unknown")}
    assert ids(f"<!-- {TAG} -->") == {("page.no-tag", "differs")}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"<>'\"`/\\{}(),:.! \n$", "<!--", "-->", "<script", "</script>", "tracker.init(", "'a',{", "//", "/*"]
        ),
        max_size=60,
    )
)
def test_nothing_that_a_page_says_ends_it(parts):
    for finding in check_page("".join(parts), NAME):
        assert finding.kind in {"differs", "unknown"}


def test_the_commands_as_a_person_runs_them(tmp_path):
    printed = linkproof("karte", "tag", HOST, "--api-key", "0123", cwd=tmp_path)
    assert (printed.returncode, printed.stderr) == (0, "")
    (tmp_path / "page.html").write_text(printed.stdout)
    done = linkproof("karte", "check-page", "page.html", "--host", HOST, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"the tag for {HOST}: talks to it in all four, and to nothing else\n")
    other = linkproof("karte", "check-page", "page.html", "--host", "t.example.org", "--json", cwd=tmp_path)
    assert other.returncode == 1
    assert {one["id"] for one in json.loads(other.stdout)["findings"]} == {f"page.{option}" for option in PATHS}
    assert "nobody.html" in refused("karte", "check-page", "nobody.html", "--host", HOST, cwd=tmp_path)
    assert "note: write the project's API key" in linkproof("karte", "tag", HOST, cwd=tmp_path).stderr
