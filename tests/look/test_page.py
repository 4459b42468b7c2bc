"""The way of a click as a picture in a page: in a real browser, on a phone, in the dark, and with hostile names."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from linkproof.look.card import Card, Step, cards
from linkproof.look.picture import picture
from linkproof.look.run import look
from linkproof.verify.report.html import render

from tests.parts import need
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer
from tests.verify.report.axe import violations
from tests.verify.report.browser import Browser
from tests.verify.report.nasty import AT, STRINGS, result
from tests.verify.world import World

HOST = "url.example.test"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Card]:
    need("chromium", "chromium")
    folder = tmp_path_factory.mktemp("look")
    authority = Authority(folder)
    with World(folder) as world:
        cached = answer(404, Age="7")
        Edge(world, authority.context(HOST), https=cached, http=cached)
        looked = look([HOST, "nothing.example.test"], world.options(ca=authority.file))
    found = cards(looked, AT)
    file = folder / "look.html"
    file.write_text(render(looked.result, looked.expectations, AT, [picture(card) for card in found]), "utf-8")
    return file, found[0]


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1280, False)])
def test_the_pictures_fit_a_phone_and_pass_axe(made: tuple[Path, Card], tmp_path: Path, width: int, dark: bool) -> None:
    async def work() -> None:
        async with Browser(tmp_path, width, dark=dark) as browser:
            await browser.open(made[0])
            assert await browser.ask("document.querySelectorAll('figure.way svg').length") == 2
            assert await browser.ask("document.documentElement.scrollWidth") <= width
            widths = "[...document.querySelectorAll('figure.way svg')].map(one => one.getBoundingClientRect().width)"
            assert all(0 < one <= width for one in await browser.ask(widths))
            # letters of the smallest text are still seen on the smallest screen
            smallest = (
                "Math.min(...[...document.querySelectorAll('svg text')].map(one => one.getBoundingClientRect().height))"
            )
            assert await browser.ask(smallest) >= 9
            assert await browser.ask("document.querySelector('h1').textContent") == "linkproof look"
            undecided = ("undecided color-contrast",)
            assert not [one for one in await violations(browser) if not one.startswith(undecided)]
            assert not [event for event in browser.events if event["method"] == "Log.entryAdded"]

    asyncio.run(work())


def test_the_mark_is_where_the_way_breaks(made: tuple[Path, Card]) -> None:
    drawn = picture(made[1])
    assert 'class="dot broken"' in drawn
    assert "http.cached" in drawn
    assert "Amazon CloudFront: broken here" in drawn


def test_nothing_that_a_server_said_becomes_a_part_of_the_page(made: tuple[Path, Card], tmp_path: Path) -> None:
    async def work() -> None:
        async with Browser(tmp_path, 390) as browser:
            for position, text in enumerate(STRINGS):
                steps = (Step("name", text, text, text, "broken", (text,)), Step("target", text, text, text))
                card = replace(
                    made[1], host=text, what=text, steps=steps, questions=((text, text),), cannot_tell=(text,)
                )
                file = tmp_path / f"{position}.html"
                file.write_text(render(*result("x"), AT, [picture(card)]), "utf-8")
                await browser.open(file)
                assert await browser.ask("document.scripts.length") == 1
                assert await browser.ask("document.querySelectorAll('figure.way').length") == 1, text[:40]
                assert await browser.ask("document.documentElement.scrollWidth") <= 390, text[:40]
            assert not [event for event in browser.events if event["method"] == "Page.javascriptDialogOpening"]

    asyncio.run(work())
