"""`bench.scale`: the simulation adds up, and the page has what it says by the constants that are there."""

from __future__ import annotations

from pathlib import Path

from bench.scale import (
    BEGIN,
    CASES,
    END,
    HOUR,
    PAGE,
    ROUND_TRIP_SECONDS,
    WINDOW,
    Case,
    Constants,
    simulate,
    tables,
    write,
)

MEASURED = Constants(
    cpu_milliseconds_per_link=4,
    start_cpu_seconds=0,
    queries_per_link_and_server=5,
    queries_per_link_and_resolver=5,
    queries_per_link_elsewhere=7,
)


def test_the_page_has_the_tables_of_the_constants() -> None:
    between = PAGE.read_text().partition(f"{BEGIN}\n")[2].partition(f"{END}\n")[0]
    assert between.splitlines() == list(tables()), "run `.venv/bin/python -m bench.scale --write`"


def test_writing_twice_leaves_the_rest_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write(page)
    once = page.read_text()
    write(page)
    assert (page.read_text(), "\nold\n" in once) == (once, False)
    assert (once.startswith(f"before\n{BEGIN}\nOne link"), once.endswith(f"{END}\nafter\n")) == (True, True)


def test_work_is_what_the_links_take_whoever_does_it() -> None:
    for shards in (1, 7):
        hour = simulate(Case(5000, shards=shards, workers=shards), MEASURED)
        assert round(hour.cpu_hours * HOUR, 6) == 20
        assert hour.queries == 5000 * (4 * 5 + 5 + 7)


def test_zones_are_not_divided_so_that_more_workers_end_with_the_largest_shard() -> None:
    one, four = (simulate(Case(5000, shards=count, workers=count, addresses=64), MEASURED) for count in (1, 4))
    assert one.seconds == 20
    assert four.seconds == 20 / 4 * four.skew
    assert four.skew > 1


def test_an_address_with_its_window_full_is_what_everybody_waits_for() -> None:
    hour = simulate(Case(100_000, shards=64, workers=64, addresses=4), MEASURED)
    assert hour.most_per_address == 500_000
    assert hour.seconds == 500_000 / (WINDOW / ROUND_TRIP_SECONDS)


def test_the_largest_case_fits_into_its_hour() -> None:
    assert all(simulate(case, Constants.load()).seconds < HOUR for case in CASES)
