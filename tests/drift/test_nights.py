"""The history page: links × nights, from kept results alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from linkproof.commands.main import app
from linkproof.drift.document import document
from linkproof.drift.model import Item, StackDrift
from linkproof.drift.nights import OF_ALL, NotANightError, files_of, read_nights
from linkproof.drift.nights_page import render
from typer.testing import CliRunner

HOSTILE = "<script>alert(1)</script>"
TTL = Item("drift", "state = cloud", HOSTILE, path="ttl", links=("one",))
LAG = Item("lagging", "cloud = world", "b", links=("one",))
DOWN = Item("could not check", "state = cloud", "the vendors")


def keep(folder: Path, day: int, *stacks: StackDrift) -> Path:
    file = folder / f"{day:02}.json"
    file.write_text(json.dumps(document(stacks, datetime(2026, 11, day, 3, tzinfo=UTC))))
    return file


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    keep(tmp_path, 2, StackDrift("dev", (LAG, TTL), links=("one", "two")))
    keep(tmp_path, 1, StackDrift("dev", (), links=("one",)))
    keep(tmp_path, 3, StackDrift("dev", (DOWN,), links=("two",)), StackDrift("prod", refused="no such stack"))
    return tmp_path


def test_each_link_has_the_worst_of_each_night_in_the_order_of_time(kept: Path) -> None:
    found = read_nights(files_of([kept]))
    assert [at.day for at in found.moments] == [1, 2, 3]
    states = {(row.stack, row.link): [cell.state for cell in row.cells] for row in found.rows}
    assert states == {
        ("dev", "one"): ["quiet", "drift", ""],
        ("dev", "two"): ["", "quiet", "quiet"],
        ("dev", OF_ALL): ["quiet", "quiet", "could not check"],
        ("prod", OF_ALL): ["", "", "could not check"],
    }


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_loads_nothing_and_runs_nothing_that_anybody_named(kept: Path) -> None:
    text = render(read_nights(files_of([kept])))
    page = Page()
    page.feed(text)
    assert "script" not in {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if "src" in attrs or "href" in attrs]
    assert "&lt;script&gt;alert(1)" in text
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text
    assert [tag for tag, _ in page.tags].count("tr") == 1 + 4


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "at": "2026-11-01", "stacks": []}', '{"version": 1}'])
def test_what_is_no_result_is_refused_by_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(NotANightError, match=r"odd\.json"):
        read_nights([file])


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotANightError, match="no result"):
        files_of([tmp_path])


def test_the_command_counts_quiet_nights_and_writes_the_page(kept: Path, tmp_path: Path) -> None:
    page = tmp_path / "nights.html"
    done = CliRunner().invoke(app, ["nights", str(kept), "--html", str(page)])
    assert done.exit_code == 0, done.output
    assert "dev  one  1 of 2 nights quiet; last: not looked at" in done.stdout.splitlines()
    assert page.read_text().startswith("<!doctype html>")
    rows = json.loads(CliRunner().invoke(app, ["nights", str(kept), "--json"]).stdout)["rows"]
    assert rows[0] == {"stack": "dev", "link": "one", "nights": ["quiet", "drift", None]}


def test_of_one_moment_and_stack_the_last_file_counts(tmp_path: Path) -> None:
    first = keep(tmp_path, 1, StackDrift("dev", (TTL,), links=("one",)))
    first.rename(tmp_path / "00.json")
    keep(tmp_path, 1, StackDrift("dev", (), links=("one",)))
    (row,) = [row for row in read_nights(files_of([tmp_path])).rows if row.link == "one"]
    assert [cell.state for cell in row.cells] == ["quiet"]
