"""One verification by several processes, against the same by one: real servers, real processes."""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from email.utils import formatdate
from pathlib import Path

import pytest
import typer
from linkproof.commands import verify as verify_command
from linkproof.expectations.model import parse as parse_expectations
from linkproof.shards.document import parse
from linkproof.shards.jobs.number import MOST_JOBS, InvalidJobsError, cores, jobs_of
from linkproof.shards.jobs.share import shares
from linkproof.shards.run import verify_part
from linkproof.verify import event_loop
from linkproof.verify.clock import SystemClock
from linkproof.verify.evidence.writer import EvidenceWriter
from linkproof.verify.observe.dns.records import MOST_REPEATED_QUESTIONS
from linkproof.verify.run import LiveSession
from linkproof.verify.survey.rounds import look
from typer.testing import CliRunner

from tests.shards.lab import ThreeZones
from tests.shards.results import stack
from tests.shards.test_lab import break_it
from tests.verify.world import EDGE_ADDRESS, PATIENT, SHORT, TARGET

app = typer.Typer(pretty_exceptions_enable=False)
verify_command.register(app)

_WORKER = "linkproof.shards.jobs.worker"
_UNLIKE = ("timing", "parts")


def told(result):
    """All that a result says but when and how long; what has no order in it is sorted."""
    document = {key: value for key, value in result.to_json().items() if key not in _UNLIKE}
    for key in ("lagging", "could_not_check"):
        document[key] = sorted(document[key], key=lambda item: json.dumps(item, sort_keys=True))
    return document


def cells_of(result):
    return Counter((cell.id, cell.vantage, cell.state, cell.reason) for cell in result.cells)


def both(world, wanted, **changes):
    options = world.options(**{**PATIENT, **changes})
    return (verify_part(wanted, options, jobs=jobs) for jobs in (1, 2))


def with_resolver(world):
    resolver = world.add_resolver()
    resolver.answers |= {(record.name, "CNAME"): [TARGET] for record in world.expectations().records}


def workers_of(pid):
    """The processes that a process has started to verify with it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if parent == pid and _WORKER in words:
            found.append(int(entry.name))
    return found


def until(found, seconds=30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (value := found()) or value == 0:
            return value
        time.sleep(0.02)
    pytest.fail("did not happen in time")


def is_gone(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


# dividing -------------------------------------------------------------------------------------------------------------
def test_each_expectation_is_in_one_share_and_shares_are_about_alike():
    wanted = stack(zones=7, hosts=3)
    divided = shares(wanted, 2)
    for part in ("records", "caa", "endpoints"):
        assert Counter(item.id for share in divided for item in getattr(share.scope, part)) == Counter(
            item.id for item in getattr(wanted, part)
        )
    sizes = [len(share.scope.records) for share in divided]
    assert sorted(sizes) == [9, 12]
    zone_of = {zone.id: zone.name for zone in wanted.zones}
    for share in divided:
        names = {zone_of[zone] for zone in share.zones}
        assert {record.name.partition(".")[2] for record in share.scope.records} == names


def test_with_fewer_zones_than_processes_there_are_fewer_shares():
    assert len(shares(stack(zones=2), 8)) == 2
    assert len(shares(stack(zones=1, hosts=9), 8)) == 1
    nothing = stack().model_copy(update={"records": (), "caa": (), "endpoints": ()})
    assert shares(nothing, 8) == []


def test_the_number_of_processes():
    assert jobs_of("1") == 1
    assert jobs_of(str(MOST_JOBS)) == MOST_JOBS
    assert jobs_of("auto") == min(cores(), MOST_JOBS)
    for text in ("0", "9", "-1", "two", "", "1.5"):
        with pytest.raises(InvalidJobsError, match="no number of processes"):
            jobs_of(text)


# the same result ------------------------------------------------------------------------------------------------------
def test_two_processes_say_of_a_faulty_lab_what_one_says(tmp_path):
    with ThreeZones(tmp_path) as world:
        with_resolver(world)
        break_it(world)
        one, two = both(world, world.expectations())
    assert one.verdict == two.verdict == "differs"
    assert {finding.rule for finding in one.findings} == {"dns.wrong-value", "dns.missing-name", "dns.lame-refused"}
    assert told(two) == told(one)
    assert cells_of(two) == cells_of(one)
    assert [part.shard for part in two.parts] == ["1/1"]
    assert two.timing["rounds"] == one.timing["rounds"] == 1


def test_a_zone_that_records_of_all_shares_lead_to_is_found_wrong_once(tmp_path):
    """All servers of the vendor's zone refuse it."""
    with ThreeZones(tmp_path) as world:
        world.tld.set("ns.vendor.test.", "A", ["127.61.3.1"])
        one, two = both(world, world.expectations())
    [finding] = [finding for finding in two.findings if finding.id == "zone/vendor.test"]
    assert len(finding.affects) == 6
    assert told(two) == told(one)
    assert cells_of(two) == cells_of(one)


class Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)

    do_HEAD = do_GET  # noqa: N815 - the name is that of the method

    def log_message(self, *_):
        pass


def web_server(stack, address, port, handler):
    server = stack.enter_context(http.server.ThreadingHTTPServer((address, port), handler))
    stack.callback(server.shutdown)
    threading.Thread(target=server.serve_forever).start()


def with_endpoints(wanted, hosts):
    endpoints = [{"id": f"{host}/edge", "path": "", "host": host, "connect": where} for host, where in hosts.items()]
    return parse_expectations({**wanted.model_dump(mode="json"), "endpoints": endpoints})


def test_what_answers_in_one_share_shows_in_another_that_its_own_silence_is_a_fault(tmp_path):
    """That the web can be reached from here at all, only the edge of another share shows."""
    silent = "127.61.10.9"
    with ThreeZones(tmp_path) as world, ExitStack() as edges:
        web_server(edges, EDGE_ADDRESS, world.http_port, Answering)
        for port in (world.http_port, world.https_port):
            edges.enter_context(socket.create_server((silent, port)))
        hosts = {"url1.shop.test": EDGE_ADDRESS, "url1.brand.test": silent}
        wanted = with_endpoints(world.expectations(), hosts)
        assert [len(share.scope.endpoints) for share in shares(wanted, 2)] == [1, 1]
        one, two = both(world, wanted, **SHORT)
    assert [item.id for item in two.could_not_check if item.id == "url1.brand.test/edge"] == []
    assert {item.rule for item in two.findings if item.id == "url1.brand.test/edge"} != set()
    assert told(two) == told(one)


class Crowd:
    """So many processes that one alone would have room for more questions than it may ask beside the others."""

    processes = 2

    def __init__(self, beside):
        self.beside, self.stages = beside, []

    async def meet(self, stage, own):
        self.stages.append(stage)
        return [own, self.beside] if stage == "zones" else [own]


def test_the_bound_of_repeated_questions_is_that_of_all_together(tmp_path):
    with ThreeZones(tmp_path) as world:
        with_resolver(world)
        wanted, options = world.expectations(), world.options(**PATIENT)
        queries = {}
        for beside in (0, MOST_REPEATED_QUESTIONS // 3 - 1, MOST_REPEATED_QUESTIONS + 1):
            session, company = LiveSession(options, EvidenceWriter(None), SystemClock(), 2), Crowd(beside)
            looked = event_loop.run(look(wanted, options, session, lambda _: None, company=company))
            queries[beside] = looked.memory.queries, [cell.reason for cell in looked.cells["answers"]]
            assert company.stages == ["zones", "authorities", "network", "resolvers", "endpoints", "clock"]
    (three, none_said), (two, said), (none, nothing) = queries.values()
    assert none_said == []
    assert "2 times more in the place of 3" in said[0]
    assert "0 times more in the place of 3" in nothing[0]
    # six records at two servers
    assert (three - two, two - none) == (12, 24)


class Intercepted(Crowd):
    """One of the others got an answer from an address that nobody has."""

    async def meet(self, stage, own):
        return [own, True] if stage == "network" else await super().meet(stage, own)


def test_what_intercepts_one_of_them_intercepts_all(tmp_path):
    with ThreeZones(tmp_path) as world:
        session = LiveSession(world.options(**PATIENT), EvidenceWriter(None), SystemClock(), 2)
        company = Intercepted(0)
        looked = event_loop.run(
            look(world.expectations(), world.options(**PATIENT), session, lambda _: None, company=company)
        )
    cells = [cell for group in looked.cells.values() for cell in group]
    assert len(cells) >= 18
    assert {(cell.state, "intercepted" in cell.reason) for cell in cells} == {("could-not-check", True)}


class Ahead(Answering):
    def date_time_string(self, _=None):
        return formatdate(time.time() + 7200, usegmt=True)


def test_a_wrong_clock_that_one_edge_of_each_share_shows_is_found(tmp_path):
    """A single edge may be wrong itself, so no process can tell alone."""
    with ThreeZones(tmp_path) as world, ExitStack() as edges:
        hosts = {"url1.shop.test": EDGE_ADDRESS, "url1.brand.test": "127.61.10.2"}
        for address in hosts.values():
            web_server(edges, address, world.http_port, Ahead)
        wanted = with_endpoints(world.expectations(), hosts)
        assert [len(share.scope.endpoints) for share in shares(wanted, 2)] == [1, 1]
        one, two = both(world, wanted)
    for result in (one, two):
        assert [finding.id for finding in result.findings if finding.rule == "clock.off"] == ["clock"]
    assert cells_of(two) == cells_of(one)


def test_a_task_and_results_that_no_pipe_holds_at_once_come_through(tmp_path):
    with ThreeZones(tmp_path) as world:
        wanted = world.expectations()
        long = [record.model_copy(update={"id": record.id + "x" * 1_000_000}) for record in wanted.records]
        result = verify_part(wanted.model_copy(update={"records": tuple(long)}), world.options(**PATIENT), jobs=2)
    assert result.verdict == "proven"
    assert {one.id for one in result.asked} >= {record.id for record in long}


def test_waiting_sees_what_is_put_right_meanwhile(tmp_path):
    with ThreeZones(tmp_path) as world:
        break_it(world)
        said = []

        def progress(line):
            said.append(line)
            if line.startswith("waiting for"):
                world.second.set("url1.shop.test.", "CNAME", ["edge.vendor.test."])
                for server in (world.first, world.second):
                    server.load(
                        "brand.test.",
                        {**world.first.zones["brand.test."], ("url2.brand.test.", "CNAME"): ["edge.vendor.test."]},
                    )

        result = verify_part(world.expectations(), world.options(**PATIENT, wait_seconds=60), jobs=2, progress=progress)
    assert result.verdict == "proven"
    assert result.timing["rounds"] > 1
    assert any(line.endswith("(process 2)") for line in said)


def test_a_share_of_a_shard_and_since_an_earlier_result(tmp_path):
    with ThreeZones(tmp_path) as world:
        world.second.set("url1.shop.test.", "CNAME", ["old.vendor.test."])
        wanted = world.expectations()
        earlier = parse(verify_part(wanted, world.options(**PATIENT)).to_json())
        again = [verify_part(wanted, world.options(**PATIENT), since=earlier, share=2, jobs=jobs) for jobs in (1, 2)]
    assert again[1].not_asked is not None
    assert told(again[1]) == told(again[0])
    assert again[1].parts[0].asked_for == again[0].parts[0].asked_for


# what goes wrong ------------------------------------------------------------------------------------------------------
def test_a_killed_process_leaves_its_share_unchecked_and_the_other_reports(tmp_path):
    with ThreeZones(tmp_path) as world:
        wanted = world.expectations()
        killed = []

        def progress(_):
            if not killed:
                killed.append(workers_of(os.getpid())[0])
                os.kill(killed[0], signal.SIGKILL)

        result = verify_part(wanted, world.options(**PATIENT), jobs=2, progress=progress)
    assert result.verdict == "not-proven"
    reasons = {item.reason for item in result.could_not_check}
    assert len(reasons) == 1
    assert "did not report: it was ended by SIGKILL" in reasons.pop()
    states = Counter(state for one in result.asked for state in one.seen.values())
    assert states["could-not-check"] == len(result.could_not_check) > 0
    assert states["right"] > 0
    assert states.total() == 9
    assert result.findings == ()
    assert result.coverage.could_not_check == len(result.could_not_check)


def test_without_any_process_that_reports_nothing_is_proven(tmp_path):
    with ThreeZones(tmp_path) as world:
        wanted = world.expectations()

        def progress(_):
            for pid in workers_of(os.getpid()):
                os.kill(pid, signal.SIGKILL)

        result = verify_part(wanted, world.options(**PATIENT), jobs=2, progress=progress)
    assert result.verdict == "not-proven"
    assert result.coverage.checked == 0
    assert len(result.could_not_check) == 9


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_all_processes(tmp_path, number):
    """Servers that nobody answers for keep them busy for long."""
    wanted, hints = tmp_path / "expectations.json", tmp_path / "root.hints"
    wanted.write_text(stack(zones=4).model_dump_json())
    hints.write_text(".  3600000  NS  a.root.\na.root.  3600000  A  127.61.0.77\n")
    command = [sys.executable, "-m", "linkproof.commands.main", "verify", "--expectations", wanted]
    command += ["--hints", hints, "--dns-port", "9", "--wait", "10m", "--jobs", "2"]
    with subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        pids = until(lambda: workers_of(process.pid) if len(workers_of(process.pid)) == 2 else None)
        time.sleep(1.0)
        assert not any(map(is_gone, pids))
        os.killpg(process.pid, number)
        process.communicate(timeout=30)
    until(lambda: all(map(is_gone, pids)))
    assert process.returncode == (130 if number == signal.SIGINT else -number)


# the command ----------------------------------------------------------------------------------------------------------
def test_the_command_with_two_processes_and_what_cannot_go_with_them(tmp_path):
    def run(*words):
        return CliRunner().invoke(app, [*map(str, words)])

    with ThreeZones(tmp_path) as world:
        wanted = tmp_path / "expectations.json"
        wanted.write_text(world.expectations().model_dump_json())
        asked = ("--expectations", wanted, "--hints", world.hints, "--dns-port", world.port)
        done = run(
            *asked, "--jobs", "2", "--report", f"html={tmp_path / 'r.html'}", "--report", f"json={tmp_path / 'r.json'}"
        )
        assert done.exit_code == 0, done.output
        alone = run(*asked)
        assert [line for line in done.stdout.splitlines() if "queries" not in line] == [
            line for line in alone.stdout.splitlines() if "queries" not in line
        ]
        assert "url2.brand.test" in (tmp_path / "r.html").read_text()
        assert parse(json.loads((tmp_path / "r.json").read_text())).verdict == "proven"
    for words, said in (
        ((*asked, "--jobs", "2", "--save", tmp_path / "evidence"), "--jobs 1"),
        ((*asked, "--jobs", "2", "--engine", "dask://127.0.0.1"), "--jobs"),
        (("--evidence", tmp_path, "--jobs", "2"), "--jobs"),
    ):
        refused = run(*words)
        assert refused.exit_code == 2
        assert said in refused.output
    assert isinstance(run(*asked, "--jobs", "many").exception, InvalidJobsError)
