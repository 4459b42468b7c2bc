"""The page by the rules of WCAG 2.2 AA: axe-core in a real browser, light and dark, on a phone and a desk."""

from __future__ import annotations

import asyncio

import pytest
from linkproof.expectations.model import parse
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.report import html
from linkproof.verify.result import CouldNotCheck

from tests.parts import need
from tests.shards.results import places
from tests.verify.report.axe import violations
from tests.verify.report.browser import Browser
from tests.verify.report.many import company
from tests.verify.report.nasty import AT, result

# What axe cannot decide by itself: part of the table is out of sight; what our test of the colours decides.
UNDECIDED = "undecided color-contrast: "
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
FILTER = "[...document.querySelectorAll('button[data-state]')].at(1).click()"
SEARCH = (
    "(() => { const one = document.getElementById('search'); one.value = 'no such host';"
    " one.dispatchEvent(new Event('input')); })()"
)


@pytest.fixture(autouse=True)
def _browser() -> None:
    need("chromium", "chromium")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every state at once; more than there is room for; nothing wrong at all; nothing to verify."""
    folder = tmp_path_factory.mktemp("pages")
    mixed, wanted = result("some text")
    many, links = company(6, wrong_each=2)
    proven, alone = company(3, wrong_each=0)
    nothing = conclude(
        (), (CouldNotCheck("expectations", None, "nothing is declared"),), strict=False, places={}, timing={}
    )
    for name, found, declared in (
        ("mixed", mixed, wanted),
        ("many", many, links),
        ("proven", proven, alone),
        ("nothing", nothing, parse({"version": 1})),
        ("places", *places()),
    ):
        with pytest.MonkeyPatch.context() as patch:
            if name == "many":
                patch.setattr(html, "CARDS", 3_000)
                patch.setattr(html, "ANSWERS", 5_000)
                patch.setattr(html, "ROWS", 6_000)
            text = html.render(found, declared, AT)
        assert text.count("to keep this page small") == (3 if name == "many" else 0)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (1280, True), (3000, False), (3000, True)])
def test_axe_finds_nothing_whatever_is_open_or_filtered(pages, tmp_path, width, dark):
    async def work():
        async with Browser(tmp_path, width, dark=dark) as browser:
            for name, steps in (
                ("mixed", ("", OPEN, FILTER, SEARCH)),
                ("many", ("",)),
                ("proven", (OPEN,)),
                ("nothing", ("",)),
                ("places", (OPEN, FILTER)),
            ):
                await browser.open(pages / f"{name}.html")
                if width == 3000:
                    await browser.ask("document.body.style.maxWidth = 'none'")
                for step in steps:
                    if step:
                        await browser.ask(step)
                    found = await violations(browser)
                    assert not [one for one in found if not one.startswith(UNDECIDED)], (name, step)
                    # wide enough for the whole table, axe decides every colour but those of lone signs
                    if width == 3000 and name == "mixed":
                        assert not [one for one in found if "obscured" in one], (name, step)

    asyncio.run(work())


def planted(page: str) -> dict[str, str]:
    """The page with one fault each, by the rule that must find it."""
    return {
        "color-contrast": page.replace("--faint: #565b64", "--faint: #c9cdd4"),
        "button-name": page.replace("</main>", '<button type="button"></button></main>'),
        "html-has-lang": page.replace('<html lang="en">', "<html>"),
        "label": page.replace("<label>find ", "<span>find ").replace("</label>", "</span>"),
        "scrollable-region-focusable": page.replace(' tabindex="0"', "").replace("<summary>", '<summary tabindex="-1">'),
        "target-size": page.replace("</main>", '<p><a href="#f1" style="font-size:4px">a</a><a href="#f1" style="font-size:4px">b</a></p></main>'),
    }  # fmt: skip


def test_axe_sees_a_planted_fault(tmp_path):
    """Without this, a check that looks at nothing would pass too. The style must be free to be broken, so no policy."""
    sound = html.render(*result("some text"), AT).replace('http-equiv="Content-Security-Policy"', 'name="without"')

    async def work():
        async with Browser(tmp_path, 320) as browser:
            file = tmp_path / "page.html"
            for rule, page in planted(sound).items():
                assert page != sound, rule
                file.write_text(page, encoding="utf-8")
                await browser.open(file)
                assert [one for one in await violations(browser) if one.startswith(f"{rule}: ")], rule

    asyncio.run(work())


def test_a_finding_in_a_cell_leads_to_its_card(tmp_path):
    found, wanted = company(60)
    file = tmp_path / "page.html"
    file.write_text(html.render(found, wanted, AT), encoding="utf-8")

    async def work():
        async with Browser(tmp_path, 1280) as browser:
            await browser.open(file)
            await browser.ask("document.querySelector('tbody summary').click()")
            await browser.ask("document.querySelector('tbody a').click()")
            assert await browser.ask("document.querySelector(':target').className") == "finding differs"
            row = await browser.ask("document.querySelector('tbody th').firstChild.textContent.trim()")
            assert f"{row}/click" in await browser.ask("document.querySelector(':target h3').textContent")

    asyncio.run(work())
