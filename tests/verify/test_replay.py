"""A kept run is judged again without any network, and a folder from anywhere can do no harm."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkproof.errors import LinkproofError
from linkproof.verify.evidence.folder import MAX_LINE_OCTETS, DamagedEvidenceError
from linkproof.verify.evidence.writer import FILES, LINES_FILE, RUN_FILE, UnwritableEvidenceError
from linkproof.verify.options import VerifyOptions
from linkproof.verify.replay import judge_again
from linkproof.verify.run import verify

from tests.faults.test_delegation import WithoutSoa
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.servers import CutsShort, ForgetsAuthority, Refuses, RefusesEdns, Silent, Spoofed
from tests.verify.world import CLICK, SHORT, TARGET, World, expect, record

PLACES = {"links.link": "stacks/x.yaml:3:5"}
SECRET = "hunter2hunter2hunter2hunter2"


@pytest.fixture
def no_network(monkeypatch):
    """Every socket but the event loop's own wake-up pair is refused, and so is every look-up."""
    real = socket.socket

    class Refused(real):
        def __init__(self, family=-1, type=-1, proto=-1, fileno=None):  # noqa: A002 - the socket's own name
            if fileno is None or family != socket.AF_UNIX:
                raise AssertionError("a socket was opened")
            super().__init__(family, type, proto, fileno)

    def refuse(*_, **__):
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "socket", Refused)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(AssertionError):
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def same(live, folder, **options):
    judged = judge_again(folder, **options)
    assert judged.result == live
    assert judged.result.cells == live.cells
    return judged


@pytest.mark.parametrize("second", [Refuses, CutsShort, Spoofed, ForgetsAuthority, RefusesEdns, Silent])
def test_every_kind_of_dns_answer_is_judged_the_same_again(tmp_path, second, request):
    folder = tmp_path / "evidence"
    with World(tmp_path, second=second) as world:
        world.add_resolver().answers[CLICK, "CNAME"] = ["old.vendor.test."]
        live = world.verify(places=PLACES, save=folder, **SHORT)
    request.getfixturevalue("no_network")
    same(live, folder)


def test_an_address_at_the_apex_is_judged_the_same_again(tmp_path):
    """Below the apex two names that nobody has are asked for with the same type, one for the zone and one for the record."""
    folder = tmp_path / "evidence"
    with World(tmp_path, WithoutSoa, WithoutSoa) as world:
        for server in (world.first, world.second):
            server.set("example.test.", "A", ["127.61.10.1"])
        apex = record(id="apex", name="example.test.", type="A", values=["127.61.10.1"])
        live = world.verify(expect(record(), apex), save=folder)
    assert live.findings
    same(live, folder)


@pytest.mark.parametrize(
    "https", [answer(), answer(403, b"no"), b"", b"SSH-2.0\r\n\r\n", answer(302, b"", Location="/?token=abc")]
)
def test_certificates_and_http_are_judged_the_same_again(tmp_path, https, request):
    folder, authority = tmp_path / "evidence", Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context("url.example.test"), https=https, http=answer())
        live = world.verify(expect(record(), endpoints=[endpoint()]), ca=authority.file, save=folder, places=PLACES)
    request.getfixturevalue("no_network")
    judged = same(live, folder)
    assert any(cell.not_after for cell in judged.result.cells)


def test_a_run_that_waited_is_played_back_round_by_round(tmp_path, request):
    begun = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
    folder = tmp_path / "evidence"
    previous = [{"record": "link/click", "values": ["old.vendor.test."], "changed_at": "2026-11-22T10:00:00Z"}]
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])

        class Clock:
            rounds = 0
            moment = begun

            def now(self):
                return self.moment

            async def sleep(self, seconds):
                self.rounds += 1
                self.moment += timedelta(seconds=seconds)
                if self.rounds == 2:
                    world.second.set(CLICK, "CNAME", [TARGET])

        live = world.verify(expect(previous=previous), clock=Clock(), wait_seconds=60, save=folder)
    assert (live.verdict, live.timing["rounds"]) == ("proven", 3)
    request.getfixturevalue("no_network")
    same(live, folder)


def test_the_clock_of_the_run_decides_not_the_clock_of_today(tmp_path):
    folder, authority = tmp_path / "evidence", Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context("url.example.test", days=(-30, 40)), http=answer())

        class Later:
            def now(self):
                return datetime.now(UTC) + timedelta(days=60)

        live = world.verify(expect(endpoints=[endpoint()]), ca=authority.file, save=folder, clock=Later())
    assert "tls.expired" in {finding.rule for finding in live.findings}
    same(live, folder)


def test_strict_may_be_added_and_newer_rules_may_ask_what_was_never_asked(tmp_path):
    folder = tmp_path / "evidence"
    with World(tmp_path) as world:
        live = world.verify(expect(record(ttl_seconds=60)), save=folder)
    assert live.verdict == "proven"
    assert judge_again(folder, strict=True).result.verdict == "differs"
    lines = (folder / LINES_FILE).read_text().splitlines()
    kept = [line for line in lines if not (json.loads(line)["kind"] == "asked" and json.loads(line)["name"] == CLICK)]
    (folder / LINES_FILE).write_text("\n".join(kept) + "\n")
    blind = judge_again(folder).result
    assert blind.verdict == "not-proven"
    assert any("was not asked in that run" in item.reason for item in blind.could_not_check)


def test_only_the_owner_can_read_it_and_no_secret_is_in_it(tmp_path):
    folder, authority = tmp_path / "evidence", Authority(tmp_path)
    https = answer(
        404,
        f"Wrong Link <a href='/x?access_token={SECRET}&a=1'>".encode(),
        Set_Cookie=f"session={SECRET}; Path=/",
        Location=f"https://h.example/?api_key={SECRET}",
        X=f"Bearer {SECRET}",
    )
    old = os.umask(0)
    try:
        with World(tmp_path) as world:
            Edge(world, authority.context("url.example.test"), https=https, http=https)
            live = world.verify(expect(record(), endpoints=[endpoint()]), ca=authority.file, save=folder)
    finally:
        os.umask(old)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name for file in folder.iterdir()} == FILES
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        text = file.read_text()
        assert SECRET not in text
    import base64

    bodies = [
        base64.urlsafe_b64decode(part["body"])
        for line in map(json.loads, (folder / LINES_FILE).read_text().splitlines())
        for part in (line.get("observation"), line.get("answer"))
        if isinstance(part, dict) and part.get("body")
    ]
    assert bodies
    assert not any(SECRET.encode() in body for body in bodies)
    assert all(b"Wrong Link" in body and b"access_token=<redacted>&a=1" in body for body in bodies)
    assert SECRET not in repr(live)
    same(live, folder)


def test_a_folder_with_other_files_is_not_taken_over(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir(mode=0o755)
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(UnwritableEvidenceError, match=r"letter\.txt"):
        verify(expect(), VerifyOptions(save=folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_link_laid_in_the_folder_is_not_followed(tmp_path):
    folder, victim = tmp_path / "evidence", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("precious")
    (folder / LINES_FILE).symlink_to(victim)
    with pytest.raises(UnwritableEvidenceError):
        verify(expect(), VerifyOptions(save=folder))
    assert victim.read_text() == "precious"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A whole folder, to be damaged in copies."""
    base = tmp_path_factory.mktemp("kept")
    authority = Authority(base)
    with World(base) as world:
        Edge(world, authority.context("url.example.test"), http=answer())
        world.verify(expect(record(), endpoints=[endpoint()]), ca=authority.file, save=base / "evidence")
    return {file.name: file.read_bytes() for file in (base / "evidence").iterdir()}


def lay(folder, files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def lines(kept):
    return kept[LINES_FILE].splitlines(keepends=True)


def changed(kept, kind, **changes):
    out = []
    for line in map(json.loads, lines(kept)):
        if line["kind"] == kind:
            line.update(changes)
        out.append(json.dumps(line).encode() + b"\n")
    return {LINES_FILE: b"".join(out)}


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda kept: {RUN_FILE: b""}, "run.json"),
        (lambda kept: {RUN_FILE: b"[" * 100_000}, "run.json"),
        (lambda kept: {RUN_FILE: kept[RUN_FILE].replace(b'"version": 1', b'"version": 2')}, "version"),
        (lambda kept: {RUN_FILE: kept[RUN_FILE].replace(b'"strict": false', b'"strict": "no"')}, "strict"),
        (lambda kept: {"expectations.json": b"{}"}, "version"),
        (lambda kept: {LINES_FILE: b""}, "no end"),
        (lambda kept: {LINES_FILE: b"".join(lines(kept)[:-1])}, "no end"),
        (lambda kept: {LINES_FILE: kept[LINES_FILE][:-40]}, "evidence.jsonl:"),
        (lambda kept: {LINES_FILE: b"\x00\xff\n" + kept[LINES_FILE]}, "evidence.jsonl:1"),
        (lambda kept: {LINES_FILE: b'{"kind":"nonsense"}\n' + kept[LINES_FILE]}, "evidence.jsonl:1"),
        (lambda kept: {LINES_FILE: b"[" * 100_000 + b"\n"}, "evidence.jsonl:1"),
        (lambda kept: {LINES_FILE: b" " * (MAX_LINE_OCTETS + 2)}, "over 2 MiB"),
        (lambda kept: {LINES_FILE: b"".join(lines(kept)[1:])}, "before the first round"),
        (lambda kept: changed(kept, "asked", packet=10**6), "names packet"),
        (lambda kept: changed(kept, "dns", answer="AAAA"), "cannot be read"),
        (lambda kept: changed(kept, "dns", query="AAAA"), "cannot be read"),
        (lambda kept: changed(kept, "asked", type="TYPE99999999"), "cannot be read"),
        (lambda kept: changed(kept, "asked", name="a..b."), "cannot be read"),
        (lambda kept: changed(kept, "asked", beside={"seconds": float("inf")}), "seconds"),
        (lambda kept: changed(kept, "end", timing={"total_seconds": float("nan")}), "timing"),
        (lambda kept: changed(kept, "moment", now="yesterday"), "now"),
        (lambda kept: {LINES_FILE: b"".join(x for x in lines(kept) if b'"moment"' not in x)}, "interrupted"),
    ],
)
def test_a_damaged_folder_is_a_clear_error(tmp_path, kept, damage, reason):
    folder = lay(tmp_path / "evidence", {**kept, **damage(kept)})
    with pytest.raises(LinkproofError, match=reason) as caught:
        judge_again(folder)
    assert caught.value.exit_code == 2
    assert caught.value.fix


def test_a_certificate_that_was_changed_is_a_clear_error(tmp_path, kept):
    out = []
    for line in map(json.loads, lines(kept)):
        if line["kind"] == "tls":
            line["observation"]["served"][0]["der"] = "AAAA"
        out.append(json.dumps(line).encode() + b"\n")
    folder = lay(tmp_path / "evidence", {**kept, LINES_FILE: b"".join(out)})
    with pytest.raises(DamagedEvidenceError, match="certificate"):
        judge_again(folder)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_is_missing_a_pipe_or_a_link_is_a_clear_error(tmp_path, kept, name):
    folder = lay(tmp_path / "evidence", kept)
    (folder / name).unlink()
    with pytest.raises(DamagedEvidenceError, match=name.replace(".", r"\.")):
        judge_again(folder)
    os.mkfifo(folder / name)
    with pytest.raises(DamagedEvidenceError, match="not a plain file"):
        judge_again(folder)
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    with pytest.raises(DamagedEvidenceError):
        judge_again(folder)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_changed_there_is_a_result_or_a_clear_error(tmp_path_factory, kept, data):
    files = dict(kept)
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    files[name] = bytes(content)
    folder = lay(tmp_path_factory.mktemp("damaged") / "evidence", files)
    with contextlib.suppress(LinkproofError):
        judge_again(folder)
