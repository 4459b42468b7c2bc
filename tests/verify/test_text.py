"""The report for people: its form, and that nothing from the network reaches the terminal as it is."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from infra.verify.report.escape import printable
from infra.verify.report.text import render
from infra.verify.result import CouldNotCheck
from tests.verify.servers import Refuses
from tests.verify.world import CLICK, World, expect, record


def shown(result) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False)
    render(result, console)
    return console.file.getvalue()


def test_a_finding_says_what_where_why_and_what_to_do(tmp_path):
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        text = shown(world.verify(places={"links.link": "stacks/x.yaml:3:5"}))
    assert "differs  link/click  url.example.test CNAME  ns2.example.test (127.61.3.2, udp)  [dns.wrong-value]" in text
    assert "declared edge.vendor.test., answered old.vendor.test." in text
    assert "publish the declared value" in text
    assert "stacks/x.yaml:3:5" in text
    assert "differs: something outside is not as declared" in text


def test_a_server_fault_lists_what_depends_on_it_and_unchecked_cells_their_reason(tmp_path):
    with World(tmp_path, second=Refuses) as world:
        text = shown(world.verify(expect(record(), pending=[{"id": "promo", "reason": "known only after deployment"}])))
    assert "affects link/click" in text
    assert "not checked  promo" in text
    assert "known only after deployment" in text


def test_escapes_and_markup_from_a_server_are_shown_not_obeyed(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("t.example.test.", "TXT", ['"\\027]8;;http://evil\\007[bold red]x[/bold red]\\155:smile:"'])
        result = world.verify(
            expect(record(id="t", name="t.example.test.", type="TXT", values=["[link=http://evil]y\x1b[2J\u202e"]))
        )
        text = shown(result)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold red]x[/bold red]" in text
    assert "[link=http://evil]y\\x1b[2J\\u202e" in text
    assert ":smile:" in text


@given(st.text())
def test_no_control_or_format_character_survives(text):
    import unicodedata

    result = printable(text, 50)
    assert all(unicodedata.category(character)[0] != "C" for character in result)
    assert len(result) <= 51


def test_what_decides_nothing_takes_one_line_a_reason(tmp_path):
    with World(tmp_path) as world:
        result = world.verify()
    optional = tuple(CouldNotCheck(f"link{n}/click", None, "IPv6 is not declared") for n in range(6))
    text = shown(replace(result, optional=optional))
    lines = [line for line in text.splitlines() if line.startswith("optional")]
    assert lines == ["optional  IPv6 is not declared: link0/click, link1/click, link2/click and 3 more"]
