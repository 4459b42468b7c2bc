"""The report for people: its form, and that nothing from the network reaches the terminal as it is."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from linkproof.verify.report.escape import printable
from linkproof.verify.report.text import render
from linkproof.verify.result import CouldNotCheck
from rich.console import Console

from tests.verify.servers import Refuses, Spoofed
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


def test_forged_packets_are_counted_where_there_are_any(tmp_path):
    with World(tmp_path) as world:
        assert "stray" not in shown(world.verify())
    (tmp_path / "forged").mkdir()
    with World(tmp_path / "forged", second=Spoofed) as world:
        assert "stray packets passed over" in shown(world.verify())


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
    optional += (CouldNotCheck("links", None, "only a mail shows it"),)
    said = "  IPv6 is not declared: link0/click, link1/click, link2/click and 3 more"
    of_all = "  only a mail shows it"
    heading = "Cannot be seen from outside, or was not declared; it decides nothing:"
    lines = shown(replace(result, optional=optional)).splitlines()
    assert lines[-3:] == [heading, said, of_all], "after the verdict, under what it is"
    assert any(line.startswith("proven: ") for line in lines[:-3])
    assert heading not in shown(replace(result, optional=()))


def test_one_fault_at_several_servers_is_said_once():
    from linkproof.verify.report.markdown import render as markdown

    from tests.verify.report.many import company
    from tests.verify.report.nasty import AT

    found, wanted = company(2, wrong_each=2)
    text = shown(found)
    heads = [line for line in text.splitlines() if line.startswith("differs  ")]
    assert heads == [
        "differs  link0/click  url0.brand0.example.com CNAME  1.1.1.1 (udp), 8.8.8.8 (udp), ns-0.awsdns-0.com (205.251.190.0, udp) and 3 more  [dns.wrong-value]"
    ]
    assert text.count("$ kdig") == 1
    assert "20 of 20 cells checked · 6 errors" in text
    table = [line for line in markdown(found, wanted, AT).splitlines() if line.startswith("| differs")]
    assert len(table) == 1
    assert "1.1.1.1 (udp), 8.8.8.8 (udp), ns-0.awsdns-0.com (205.251.190.0, udp) and 3 more" in table[0]


def test_two_faults_at_one_server_are_two():
    from tests.verify.report.many import company

    text = shown(company(2, wrong_each=1)[0])
    assert [line.split()[1] for line in text.splitlines() if line.startswith("differs  ")] == [
        "link0/click",
        "link1/click",
    ]


def test_the_verdict_says_until_when_and_what_made_warnings_count():
    from datetime import timedelta

    from linkproof.verify.conclude.verdict import conclude
    from linkproof.verify.report.text import meaning

    from tests.verify.report.many import company
    from tests.verify.report.nasty import AT

    cells = company(1)[0].cells
    old = [
        replace(cell, state="lagging", until=AT + timedelta(seconds=n)) if cell.finding else cell
        for n, cell in enumerate(cells)
    ]
    lagging = conclude(old, (), strict=False, places={}, timing={})
    assert meaning(lagging).endswith("; the last must be gone by 2026-11-22 10:00:05 UTC")
    warned = [
        replace(cell, state="right", finding=None, warnings=(replace(cell.finding, severity="warning"),))
        if cell.finding
        else cell
        for cell in cells
    ]
    for strict, words in ((True, "with --strict warnings count"), (False, "every expectation was checked and holds")):
        assert meaning(conclude(warned, (), strict=strict, places={}, timing={})).endswith(words)
    assert "strict" not in meaning(conclude(cells, (), strict=True, places={}, timing={}))
