"""The page in a real browser: on a phone, by keyboard, and with what a screen reader is told."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from linkproof.verify.report.html import render

from tests.parts import need
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.report.browser import Browser
from tests.verify.report.nasty import AT, STRINGS, result
from tests.verify.servers import Refuses
from tests.verify.world import World, expect, record


@pytest.fixture(autouse=True)
def _browser() -> None:
    need("chromium", "chromium")


FOCUSED = "document.activeElement.innerText || document.activeElement.id || document.activeElement.className"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    authority = Authority(folder)
    wanted = expect(
        record(), stack="prod", endpoints=[endpoint()], pending=[{"id": "promo", "reason": "known only later"}]
    )
    with World(folder, second=Refuses) as world:
        Edge(world, authority.context("url.example.test"), http=answer())
        found = world.verify(wanted, ca=authority.file, places={"links.link": "stacks/prod.yaml:3:5"})
    file = folder / "page.html"
    file.write_text(render(found, wanted, AT), encoding="utf-8")
    return file


def browse(work, folder, width=1280, **options):
    async def run():
        async with Browser(folder, width, **options) as browser:
            return await work(browser)

    return asyncio.run(run())


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_only_the_table_scrolls_sideways(page, tmp_path, width):
    async def work(browser):
        await browser.open(page)
        await browser.ask("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert await browser.ask("document.documentElement.scrollWidth") <= width
        assert await browser.ask("document.querySelector('.scroll').clientWidth") <= width
        assert not complaints(browser)

    browse(work, tmp_path, width)


def test_a_hostile_page_runs_nothing_and_stays_in_its_width(tmp_path):
    async def work(browser):
        for position, text in enumerate(STRINGS):
            file = tmp_path / f"{position}.html"
            file.write_text(render(*result(text), AT), encoding="utf-8")
            await browser.open(file)
            await browser.ask("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert await browser.ask("document.documentElement.scrollWidth") <= 390, text[:40]
            assert await browser.ask("document.scripts.length") == 1
        asked = [
            event["params"]["request"]["url"]
            for event in browser.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        assert all(url.startswith("file://") for url in asked)
        assert not [event for event in browser.events if event["method"] == "Page.javascriptDialogOpening"]

    browse(work, tmp_path, 390)


def test_rows_are_filtered_and_cells_opened_by_keyboard_alone(page, tmp_path):
    async def work(browser):
        await browser.open(page)
        rows = "[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden).length"
        whole = await browser.ask(rows)
        assert whole > 1
        states = "|".join(
            await browser.ask("[...document.querySelectorAll('tbody tr')].map(row => row.dataset.states)")
        )
        wanted = {"differs": False, "search": False, "scroll": False, "details": False}
        for _ in range(40):
            await browser.press("Tab")
            if await browser.ask("document.activeElement === document.body"):
                continue  # past the last one, before the first
            focused = str(await browser.ask(FOCUSED))
            outline = await browser.ask("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{focused} shows that it has the focus"
            if (
                "differs" in focused
                and not wanted["differs"]
                and await browser.ask("document.activeElement.tagName") == "BUTTON"
            ):
                await browser.press("Enter")
                assert await browser.ask("document.activeElement.getAttribute('aria-pressed')") == "true"
                assert await browser.ask("document.querySelectorAll('[aria-pressed=true]').length") == 1
                left = await browser.ask(rows)
                assert 0 < left <= whole
                assert left == await browser.ask("document.querySelectorAll('tr[data-states*=differs]').length")
                assert left == states.count("differs")
                assert await browser.ask("document.getElementById('shown').textContent") == f"{left} of {whole} rows"
                wanted["differs"] = True
            wanted["search"] |= focused == "search"
            wanted["scroll"] |= await browser.ask("document.activeElement.className") == "scroll"
            if not wanted["details"] and await browser.ask("document.activeElement.tagName") == "SUMMARY":
                await browser.press("Enter")
                assert await browser.ask("document.activeElement.parentElement.open")
                wanted["details"] = True
        assert all(wanted.values()), wanted
        await browser.ask("document.querySelector('[data-state=\"\"]').click()")
        assert await browser.ask(rows) == whole
        await browser.ask(
            "(() => { const one = document.getElementById('search'); one.value = 'no such host';"
            " one.dispatchEvent(new Event('input')); })()"
        )
        assert await browser.ask(rows) == 0

    browse(work, tmp_path)


def test_a_screen_reader_is_told_names_and_headers(page, tmp_path):
    async def work(browser):
        await browser.open(page)
        nodes = (await browser.call("Accessibility.getFullAXTree"))["nodes"]
        told = [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")
        ]
        roles = {role for role, _ in told}
        assert {"main", "banner", "table", "columnheader", "rowheader", "region", "searchbox", "status"} <= roles
        for role, name in told:
            if role in {
                "button",
                "searchbox",
                "region",
                "link",
                "columnheader",
                "rowheader",
                "DisclosureTriangle",
                "RootWebArea",
            }:
                assert name.strip(), f"a {role} without a name"
        levels = await browser.ask("[...document.querySelectorAll('h1,h2,h3')].map(one => one.tagName)")
        assert levels[0] == "H1"
        assert levels.count("H1") == 1
        assert not any(later == "H3" and earlier == "H1" for earlier, later in pairwise(levels))
        ids = await browser.ask("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids))
        references = await browser.ask(
            "[...document.querySelectorAll('[aria-labelledby]')].map(one => one.getAttribute('aria-labelledby'))"
        )
        assert set(references) <= set(ids)
        assert await browser.ask("document.documentElement.lang") == "en"
        small = await browser.ask(
            "[...document.querySelectorAll('button,summary,input')].filter(one => one.offsetParent && one.getBoundingClientRect().height < 24).length"
        )
        assert small == 0, "targets are at least 24 px high (WCAG 2.2, 2.5.8)"

    browse(work, tmp_path)


def complaints(browser):
    return [event for event in browser.events if event["method"] in {"Log.entryAdded", "Runtime.exceptionThrown"}]
