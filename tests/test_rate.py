"""One bucket for all processes: together they take no more than the vendor allows."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest
from linkproof.json_api import WaitingHere
from linkproof.rate import Bucket, Rate, bucket_of


def _turns(file: Path, count: int, found: multiprocessing.Queue[list[float]]) -> None:
    bucket = Bucket(file, Rate(burst=5, per_second=10))
    found.put([bucket.wait_seconds() + time.time() for _ in range(count)])


def test_processes_together_get_a_burst_and_then_a_turn_each(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    found: multiprocessing.Queue[list[float]] = context.Queue()  # type: ignore[assignment]
    began = time.time()
    started = [context.Process(target=_turns, args=(tmp_path / "b", 20, found)) for _ in range(4)]
    for one in started:
        one.start()
    turns = sorted(turn for _ in started for turn in found.get(timeout=60))
    for one in started:
        one.join(60)
    assert len(turns) == 80
    for number, turn in enumerate(turns):
        allowed = 5 + 10 * (turn - began)
        assert number + 1 <= allowed + 0.01, "no more than the burst and what came since"
    # whatever the machine did meanwhile, the last turn is as far off as the tokens say
    assert turns[-1] - began >= (80 - 5) / 10 - 0.01


def test_a_bucket_fills_again_and_no_further_than_its_burst(tmp_path: Path) -> None:
    file = tmp_path / "b"
    bucket = Bucket(file, Rate(burst=2, per_second=1))
    file.write_text(f"-10.0 {time.time() - 1000!r}")
    assert [bucket.wait_seconds() == 0 for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("text", ["", "torn", "1.0", "1.0 99999999999.0"])
def test_a_torn_file_and_a_clock_set_back_stop_nobody(tmp_path: Path, text: str) -> None:
    file = tmp_path / "b"
    file.write_text(text)
    assert Bucket(file, Rate(burst=2, per_second=1)).wait_seconds() == 0


def test_where_nothing_can_be_written_the_vendor_decides(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Bucket(tmp_path / "file" / "b", Rate(burst=1, per_second=0.001)).wait_seconds() == 0


def test_nobody_waits_longer_than_they_may(tmp_path: Path) -> None:
    bucket = Bucket(tmp_path / "b", Rate(burst=1, per_second=0.001))
    began = time.monotonic()
    for _ in range(3):
        bucket.take(WaitingHere(0.01))
    assert time.monotonic() - began < 30, "its turn would be in minutes"


def test_an_account_has_one_file_that_does_not_say_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    rate = Rate(burst=1, per_second=1)
    for key in ("secret-one", "secret-one", "secret-two"):
        bucket = bucket_of("toy", key, "https://api.example.net", rate)
        assert bucket is not None
        bucket.wait_seconds()
    files = sorted(tmp_path.rglob("toy-*"))
    assert len(files) == 2
    assert not [file for file in files if "secret" in file.name or "secret" in file.read_text()]
    assert files[0].stat().st_mode & 0o077 == 0


def test_the_lab_and_a_vendor_without_a_number_have_none() -> None:
    assert bucket_of("toy", "k", "http://127.0.0.1:1", Rate(1, 1)) is None
    assert bucket_of("toy", "k", "https://api.example.net", None) is None
