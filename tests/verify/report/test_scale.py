"""5,000 links × 10 vantages: every report stays in its bound, counted in octets, and says what it left out."""

from __future__ import annotations

import asyncio
import re

import pytest
from linkproof.verify.report.html import ANSWERS, MAX_OCTETS, ROWS, render
from linkproof.verify.report.markdown import MAX_CHARACTERS
from linkproof.verify.report.registry import produce

from tests.parts import need
from tests.verify.report.browser import Browser
from tests.verify.report.many import company
from tests.verify.report.nasty import AT, result


@pytest.fixture(scope="module")
def large():
    return company(5000)


def test_a_small_page_leaves_nothing_out():
    page = render(*company(10), AT)
    assert "left out" not in page
    assert page.count("<details>") == 10 * 5
    assert page.count("CN=Amazon RSA 2048 M02") == 10 * 2, "the evidence of what is right"


def test_a_large_page_keeps_every_row_and_what_is_wrong_and_counts_the_rest(large):
    page = render(*large, AT)
    assert len(page.encode()) < ROWS
    assert page.count("<tr ") == 5000
    opened = page.count("<details>")
    boxes = 5000 * 5
    assert f"{boxes - opened} cells do not open" in page
    wrong = re.findall(r'<td>(<details>)?(?:<summary>)?<span class="state differs">', page)
    assert len(wrong) == 100 * 2
    assert all(wrong), "what is wrong opens, whatever else is left out"
    assert len(re.findall(r'<article class="finding differs"', page)) == 100
    # the findings stand once: a cell leads to them
    assert page.count("publish the declared value") == 100
    answers = sum(len(part.encode()) for part in re.findall(r"(?s)<details>.*?</details>", page))
    assert ANSWERS * 0.9 < answers <= ANSWERS


def test_a_page_of_nothing_but_faults_stays_in_its_bound():
    found, wanted = company(5000, wrong_each=1)
    page = render(found, wanted, AT)
    assert len(page.encode()) <= MAX_OCTETS
    shown = len(re.findall(r'<article class="finding', page))
    assert 0 < shown < 5000
    assert f"The {shown} worst of 5000 are here" in page
    assert page.count("<tr ") == 5000


@pytest.mark.parametrize(
    "text", ["a" * 70_000, "&" * 70_000, "\ud800" * 70_000], ids=["plain", "escaped", "surrogates"]
)
def test_long_text_in_every_field_stays_in_the_bound(text):
    page = render(*result(text, times=300), AT)
    assert len(page.encode()) <= MAX_OCTETS
    assert "left out to keep this page small" in page


def test_markdown_has_its_table_first_and_fits_a_comment(large):
    text = produce("markdown", *large, AT)
    assert len(text) <= MAX_CHARACTERS
    rows = len(re.findall(r"(?m)^\| differs \|", text))
    assert rows == 100, "a row for each fault, not for each server that shows it"
    assert "<details>" not in text[: text.index("|---|")]


def test_prometheus_has_few_series_a_link(large):
    text = produce("prometheus", *large, AT)
    series = [line for line in text.splitlines() if not line.startswith("#")]
    assert len([line for line in series if line.startswith("linkproof_expectation_ok")]) == 5000 * 2
    # two certificates and four edge answers of its own host; its DNS servers are everybody's
    assert len(series) < 5000 * (2 + 2 + 4) + 3000


def test_only_a_page_of_rows_is_in_the_browser_and_filters_reach_all(tmp_path):
    need("chromium", "chromium")
    file = tmp_path / "page.html"
    file.write_text(render(*company(450), AT), encoding="utf-8")
    rows, said = "document.querySelectorAll('tbody tr').length", "document.getElementById('shown').textContent"
    search = (
        "(() => { const one = document.getElementById('search'); one.value = 'link449';"
        " one.dispatchEvent(new Event('input')); })()"
    )
    more = "document.getElementById('more')"

    async def work():
        async with Browser(tmp_path, 1280) as browser:
            await browser.open(file)
            assert await browser.ask(rows) == 200
            assert await browser.ask(said) == "450 of 450 rows, the first 200 shown"
            assert "differs" in await browser.ask("document.querySelector('tbody tr').textContent")
            await browser.ask(f"{more}.focus()")
            for shown, label in ((400, "show 50 more rows"), (450, None)):
                await browser.press("Enter")
                assert await browser.ask(rows) == shown
                assert await browser.ask(f"{more}.hidden") is (label is None)
                assert label is None or await browser.ask(f"{more}.textContent") == label
            assert await browser.ask(said) == "450 of 450 rows"
            focused = await browser.ask(
                "document.activeElement.closest('tr') === document.querySelectorAll('tbody tr')[400]"
            )
            assert focused, "the keyboard goes on where the new rows begin"
            await browser.ask(search)
            assert await browser.ask(rows) == 1
            assert await browser.ask(said) == "1 of 450 rows"
            await browser.ask("document.querySelector('[data-state=differs]').click()")
            assert await browser.ask(rows) == 0
            assert await browser.ask("document.querySelector('.scroll').hidden")

    asyncio.run(work())
