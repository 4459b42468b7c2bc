"""What every written report must be, whatever was answered: it parses, and nothing in it runs, hides or passes for ours."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser

from linkproof.verify.report.registry import produce

from tests.verify.report.nasty import AT


def no_number(text: str) -> None:
    """`NaN` and `Infinity` are Python's own; no other reader of JSON takes them (RFC 8259 §6)."""
    raise AssertionError(f"{text} is no JSON")


def texts_of(tree):
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from texts_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts_of(value)
    elif isinstance(tree, str):
        yield tree


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.inside, self.scripts = set(), [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.inside.append(tag)

    def handle_data(self, data):
        if self.inside and self.inside[-1] in {"script", "style"}:
            self.scripts.append(data)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass


ALLOWED_TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "h2",
        "h3",
        "p",
        "nav",
        "main",
        "section",
        "article",
    ),
    *("dl", "dt", "dd", "pre", "code", "div", "button", "span", "label", "input", "table", "thead", "tbody", "tr"),
    *("a", "th", "td", "details", "summary", "ul", "li", "strong", "footer", "script"),
}
INVISIBLE = "\u200b"  # our own, in Markdown (that of a rule too): it keeps names from being mentioned


def assert_harmless(name: str, report, expectations) -> str:
    """Write one report in one form and look at it.

    Args:
        name: of the form.
        report: the result.
        expectations: what was verified.

    Returns:
        the report as written.
    """
    shown = produce(name, report, expectations, AT)
    kept = shown.replace(INVISIBLE, "") if name == "markdown" else shown
    shown.encode("utf-8")
    if name == "json":
        told = json.loads(shown, parse_constant=no_number)
        assert told == json.loads(json.dumps(report.to_json())), "nothing is lost either"
    assert not [c for c in kept if unicodedata.category(c)[0] == "C" and c != "\n"], (
        "no control or format character is left"
    )
    if name == "sarif":
        told = json.loads(shown, parse_constant=no_number)
        rules = told["runs"][0]["tool"]["driver"].pop("rules")
        for one in (*texts_of(told), *(text.replace(INVISIBLE, "") for text in texts_of(rules))):
            assert not [c for c in one if unicodedata.category(c)[0] == "C" and c != "\n"]
        for item in told["runs"][0]["results"]:
            assert not re.search(r"(?<!\\)\[[^\]]*(?<!\\)\]\(", item["message"]["text"]), "no link"
    if name == "html":
        page = Page()
        page.feed(shown)
        assert page.tags <= ALLOWED_TAGS
        assert not [item for item in page.attributes if item[1].startswith("on") or item[1] in {"src", "srcdoc"}]
        for tag, attribute, value in page.attributes:
            inside = tag == "a" and re.fullmatch(r"#(f[0-9]+|findings|matrix|unchecked|optional)", value)
            assert attribute != "href" or inside, "links stay in the page"
        assert sum("<script>" in part for part in [shown]) == 1
        assert shown.count("<script") == 1
        assert shown.count("<style") == 1
    if name == "markdown":
        assert len(shown) <= 60_000
        # in a fenced block everything is literal, and its fence is longer than any inside
        outside = re.sub(r"(?ms)^(`{3,})sh\n[^\n]*\n\1$", "", shown)
        tags = set(re.findall(r"<(/?[a-zA-Z!][^>]*)>", outside))
        assert tags <= {"details", "/details", "summary", "/summary"}
        assert not re.search(r"@\w|(?<![&\w])#\d|https?:/|www\.", outside)
        rows = [line for line in outside.splitlines() if line.startswith("|")]
        for row in rows:
            assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 7, row[:200]
    if name == "prometheus":
        for line in shown.splitlines():
            assert line.startswith(("# HELP linkproof_", "# TYPE linkproof_")) or re.fullmatch(
                r'linkproof_\w+\{(?:\w+="(?:[^"\\]|\\["\\n])*",?)+\} -?[\d.e+]+', line
            ), line[:300]
        series = [line.rpartition(" ")[0] for line in shown.splitlines() if not line.startswith("#")]
        assert len(series) == len(set(series))
    return shown
