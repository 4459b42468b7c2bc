"""What a cluster is told, whom it gives it to, and what is refused before anybody is asked."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from linkproof.expectations.model import parse
from linkproof.shards.dask import conduct
from linkproof.shards.dask.address import DaskAddress, InvalidEngineError
from linkproof.shards.dask.errors import NoSchedulerError
from linkproof.shards.dask.job import Job, expectations_to_tree, options_from_tree, options_to_tree
from linkproof.shards.dask.progress import line
from linkproof.shards.dask.task import prove, version
from linkproof.shards.dask.verify import verify_on
from linkproof.shards.dask.workers import Team, Worker, teams
from linkproof.shards.identity import digest_of
from linkproof.verify.options import ResolverAddress, VerifyOptions

from tests.commands.cli import linkproof, refused
from tests.ports import free_port
from tests.test_extras import without
from tests.verify.world import World, expect, record


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("dask://scheduler", "tcp://scheduler:8786"),
        ("dask://192.0.2.1:9000", "tcp://192.0.2.1:9000"),
        ("dask+tls://[2001:db8::1]:9000/", "tls://[2001:db8::1]:9000"),
    ],
)
def test_an_engine_is_named_by_its_scheduler(text: str, uri: str) -> None:
    assert DaskAddress.parse(text).uri == uri


@pytest.mark.parametrize("text", ["ray://x:1", "dask://", "dask://x:0", "dask://x:99999", "dask://a b", "x:8786"])
def test_what_names_no_engine_is_refused(text: str) -> None:
    with pytest.raises(InvalidEngineError):
        DaskAddress.parse(text)


def worker(address: str, name: str, *resources: str) -> Worker:
    return Worker(address, name, frozenset(resources))


def test_a_worker_is_of_the_vantage_that_it_offers_or_is_called_after() -> None:
    found = teams(
        [
            worker("a", "anything", "vantage-tokyo", "GPU"),
            worker("b", "vantage-paris"),
            worker("c", "vantage-paris-1"),
            # what it offers counts, whatever it is called
            worker("d", "vantage-paris", "vantage-tokyo"),
            worker("e", "vantage-lima-2"),
            # where some offer it, only they are meant
            worker("g", "vantage-tokyo"),
            worker("f", "nobody"),
        ],
        ["tokyo", "paris", "lima", "lima-2", "oslo"],
        any_is_here=False,
    )
    assert found == {
        "tokyo": Team(("a", "d"), "vantage-tokyo"),
        "paris": Team(("b", "c")),
        "lima": Team(),
        "lima-2": Team(("e",)),
        "oslo": Team(),
    }


def test_where_no_vantage_is_named_every_worker_is_one() -> None:
    found = teams([worker("a", "x"), worker("b", "vantage-tokyo")], ["here"], any_is_here=True)
    assert found == {"here": Team(("a", "b"))}


def test_expectations_and_options_are_the_same_behind_json(tmp_path: Path) -> None:
    (tmp_path / "roots").write_text(". NS a.root.\n")
    (tmp_path / "ca.pem").write_text("PEM\n")
    options = VerifyOptions(
        hints=tmp_path / "roots", ca=tmp_path / "ca.pem", resolvers=(ResolverAddress.parse("tls://dns.example:853"),),
        dns_port=5300, wait_seconds=7, strict=True, timeout_seconds=0.5, attempts=1,
    )  # fmt: skip
    wanted = expect(record(families=[4, 6], changed_at="2026-11-22T10:00:00Z"), written_at="2026-11-22T10:00:00Z")
    job = Job(version(), expectations_to_tree(wanted), "2/3", "tokyo", options_to_tree(options), {"a": "b:1:2"})
    again = Job.from_text(job.to_text())
    assert again == job
    assert digest_of(parse(again.expectations)) == digest_of(wanted)
    with options_from_tree(again.options) as there:
        assert there.hints is not None
        assert there.ca is not None
        assert (there.hints.read_text(), there.ca.read_text()) == (". NS a.root.\n", "PEM\n")
        assert there.hints != options.hints
        assert (there.resolvers, there.dns_port, there.wait_seconds) == (options.resolvers, 5300, 7)
        assert (there.strict, there.timeout_seconds, there.attempts) == (True, 0.5, 1)
    assert not there.hints.exists()


def test_a_worker_proves_what_it_is_told_and_says_its_version_where_it_is_another(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        asked = options_to_tree(world.options())
        told = Job(
            version(), expectations_to_tree(expect()), "1/1", "tokyo", asked, {"links.link.click_host": "s.yaml:1:2"}
        )
        said = json.loads(prove(told.to_text()))["result"]
        assert (said["verdict"], said["parts"][0]["vantage"]) == ("proven", "tokyo")
        other = Job("0.0.1", told.expectations, "1/1", "tokyo", asked, {})
        assert json.loads(prove(other.to_text())) == {"version": version()}


def test_what_a_worker_refuses_comes_back_with_its_fix(tmp_path: Path) -> None:
    (tmp_path / "roots").write_text("no hints\n")
    asked = options_to_tree(VerifyOptions(hints=tmp_path / "roots"))
    said = json.loads(prove(Job(version(), expectations_to_tree(expect()), "1/1", "tokyo", asked, {}).to_text()))
    assert set(said["refused"]) == {"problem", "fix"}


def test_where_no_scheduler_answers_that_is_said_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "_CONNECT_SECONDS", 1)
    begun = time.monotonic()
    with pytest.raises(NoSchedulerError, match="no scheduler of Dask answers"):
        verify_on(DaskAddress.parse(f"dask://127.0.0.1:{free_port('127.0.0.1')}"), expect(), VerifyOptions())
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "ray://x"), "no engine is written so"),
        (("--engine", "dask://x", "--shard", "1/2"), "--shard cannot go with --engine"),
        (("--engine", "dask://x", "--save", "e"), "--save cannot go with --engine"),
        (("--shards", "2"), "--shards needs --engine"),
        (("--vantage", "tokyo", "--vantage", "paris"), "from here there is one --vantage"),
        (("--shard", "auto"), "nothing numbers this process"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    (tmp_path / "e.json").write_text('{"version": 1}')
    assert said in refused("verify", "--expectations", "e.json", *options, cwd=tmp_path)


def test_auto_is_the_shard_of_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "1")
    monkeypatch.setenv("LINKPROOF_SHARDS", "3")
    pending = '{"version": 1, "pending": [{"id": "one/edge", "reason": "known only after deployment"}]}'
    (tmp_path / "e.json").write_text(pending)
    done = linkproof("verify", "--expectations", "e.json", "--shard", "auto", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["parts"][0]["shard"] == "2/3", done.stderr


def test_without_the_extra_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text('{"version": 1}')
    done = without(["distributed"], "verify", "--expectations", "e.json", "--engine", "dask://x", cwd=tmp_path)
    assert (done.returncode, "pip install 'linkproof[dask]'" in done.stderr) == (2, True), done.stderr


def test_the_line_says_who_has_reported_and_what_is_known_so_far() -> None:
    merged = {
        "coverage": {"cells": 2000, "checked": 1500, "could_not_check": 500},
        "findings": [{"severity": "error"}, {"severity": "warning"}],
    }
    assert line({"tokyo": 0, "paris": 0}, 4, {}, None) == "shards: tokyo 0/4, paris 0/4"
    assert line({"tokyo": 2, "paris": 1}, 4, {"paris": "no worker"}, merged) == (
        "shards: tokyo 2/4, paris 1/4 (given up); 1,500 of 2,000 cells checked, 1 error so far"
    )
