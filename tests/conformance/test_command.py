"""`linkproof conformance` as a person runs it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from linkproof.conformance.client.front import Answer
from linkproof.contract.requests import Counted
from linkproof.engine.guard.quiet import strangers
from linkproof.engine.own_requests import OwnRequests
from linkproof.project import Project

from tests.commands.cli import REPOSITORY, environment, program_of, refused
from tests.conformance.conftest import HOST, Authority, Bench, with_edge
from tests.conformance.proxy import Proxy, Viewer
from tests.conformance.test_wrong import CASES
from tests.ports import free_port


async def conformance(bench: Bench, *arguments: str) -> tuple[int, str, str]:
    """The command against the edge of this process: exit code and what it printed."""
    ports = [f"--{scheme}-port={port}" for scheme, port in bench.proxy.ports.items()]
    process = await asyncio.create_subprocess_exec(
        *program_of("conformance", HOST, "--connect=127.0.0.1", *ports, f"--ca={bench.authority.root}", *arguments),
        cwd=REPOSITORY,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode or 0, out.decode(), err.decode()


def listening(bench: Bench) -> list[str]:
    """Options by which the command's own origin stands before the edge."""
    port = free_port()
    bench.proxy.origins[:] = [("127.0.0.1", port)]
    certificate, key = bench.authority.files("origin")
    return [f"--origin-listen=127.0.0.1:{port}", f"--certificate={certificate}", f"--key={key}"]


FEW = [
    f"--only={one}" for one in ("bytes.path", "host.origin", "host.verified", "method.head", "retry.get", "front.hsts")
]


def test_a_right_edge_of_a_user_is_proven(authority: Authority) -> None:
    async def test(bench: Bench) -> None:
        code, out, err = await conformance(bench, *listening(bench), *FEW)
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            "kept       reach, bytes.path, host.origin, host.verified, method.head, front.hsts, retry.get",
            f"{HOST}: proven; 7 kept, 0 musts and 0 shoulds broken, 0 not asked",
        ]

    with_edge(authority, test)


def test_a_wrong_edge_is_told_what_was_sent_and_seen(authority: Authority) -> None:
    async def test(bench: Bench) -> None:
        code, out, _ = await conformance(bench, *listening(bench), *FEW)
        assert code == 1
        head, why, sent, expected, seen, *_ = out.splitlines()
        assert head.split()[:3] == ["broken", "bytes.path", "(must)"]
        assert why.strip().startswith("click lost: ")
        assert sent.strip().startswith("sent GET /f/a/lp")
        assert "~~/AAEFJQA~" in sent
        assert expected.strip() == "expected the same target at the origin"
        assert "answered 302; the origin read GET /f/a/lp" in seen
        assert "%7E%7E/AAEFJQA%7E" in seen
        assert f"{HOST}: differs; 6 kept, 1 musts and 0 shoulds broken, 0 not asked" in out

    with_edge(authority, test, CASES["bytes.path"])


def test_the_document_says_the_same(authority: Authority) -> None:
    async def test(bench: Bench) -> None:
        code, out, _ = await conformance(bench, *listening(bench), *FEW, "--json")
        document = json.loads(out)
        assert (code, document["version"], document["mode"]) == (0, 1, "origin")
        assert (document["host"], document["verdict"]) == (HOST, "proven")
        (hsts,) = [one for one in document["requirements"] if one["id"] == "front.hsts"]
        assert (hsts["verdict"], hsts["strength"]) == ("broken", "should")
        assert hsts["faults"][0]["seen"] == "max-age=300"

    with_edge(authority, test, CASES["front.hsts"])


def test_an_echo_elsewhere_is_asked_what_arrived(authority: Authority) -> None:
    async def test(bench: Bench) -> None:
        echo = f"http://127.0.0.1:{bench.names.port}/{bench.origin.secret}/"
        code, out, err = await conformance(bench, f"--echo={echo}", *FEW)
        assert (code, err) == (0, "")
        assert "not asked  host.verified" in out
        assert bench.origin.secret not in out

    with_edge(authority, test)


def test_a_live_host_gets_no_click(authority: Authority) -> None:
    async def test(bench: Bench) -> None:
        code, out, _ = await conformance(bench, "--sender=ses", "--json")
        document = json.loads(out)
        assert (code, document["mode"], document["verdict"]) == (3, "live", "not-proven")
        kept = {one["id"] for one in document["requirements"] if one["verdict"] == "kept"}
        assert kept == {
            "front.https",
            "front.http",
            "front.hsts",
            "front.tls12",
            "front.tls13",
            "front.chain",
            "front.http2",
        }
        assert bench.origin.records
        for one in bench.origin.records:
            assert one.method == "HEAD"
            assert one.target.startswith("/favicon.ico?linkproof=")

    with_edge(authority, test)


DECLARED = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
edges:
  own: {provider: haproxy, version: debian-12, name: localhost.example.net}
  idle: {provider: cloudfront}
senders:
  mail: {provider: ses, region: us-east-1}
links:
  one: {sender: mail, click_host: url1.example.net, edge: own, phase: ready}
"""


def stack(folder: Path, connect: str) -> Path:
    """A project whose stack is deployed, with its server at a name or address."""
    files = {"Pulumi.yaml": "name: linkproof\nruntime: python\n", "Pulumi.test.yaml": "config: {}\n"}
    for name, text in {**files, "stacks/test.yaml": DECLARED}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    endpoint = {"id": "link/one/endpoint", "host": f"{HOST}.", "connect": connect, "edge": "haproxy", "sender": "ses"}
    file = Project(folder).expectations_file("test")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"version": 1, "zones": [], "records": [], "caa": [], "endpoints": [endpoint]}))
    return folder


def test_an_edge_of_a_stack_is_asked_where_and_for_whom_it_is_declared(authority: Authority, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        folder = stack(tmp_path, "127.0.0.1")
        ports = [f"--{scheme}-port={port}" for scheme, port in bench.proxy.ports.items()]
        process = await asyncio.create_subprocess_exec(
            *program_of("conformance", "own", "--stack=test", *ports, f"--ca={bench.authority.root}", "--json"),
            *[*listening(bench), *FEW, "--only=method.post"],
            cwd=folder,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 120)
        document = json.loads(out)
        assert (process.returncode, document["host"], document["verdict"]) == (0, HOST, "proven")
        # SES takes no POST, so it is not required
        assert "method.post" not in {one["id"] for one in document["requirements"]}

    with_edge(authority, test)


class Counting(Proxy):
    """An edge whose vendor counts what it answers for the host."""

    counted = 0

    async def answer(self, viewer: Viewer) -> Answer:
        found = await super().answer(viewer)
        Counting.counted += self.knows(viewer)
        return found


@pytest.mark.parametrize("is_told_where", [False, True])
def test_what_it_sent_to_the_edge_is_taken_off_the_edge_s_counter(
    authority: Authority, tmp_path: Path, is_told_where: bool
) -> None:
    """All of it, and of nobody else: an address that somebody names may be another edge's."""
    Counting.counted = 0

    async def test(bench: Bench) -> None:
        folder = stack(tmp_path, "127.0.0.1")
        ports = [f"--{scheme}-port={port}" for scheme, port in bench.proxy.ports.items()]
        named = ["--connect=127.0.0.1"] if is_told_where else []
        process = await asyncio.create_subprocess_exec(
            *program_of("conformance", "own", "--stack=test", *ports, f"--ca={bench.authority.root}", *named),
            *[*listening(bench), *FEW],
            cwd=folder,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
        )
        await asyncio.wait_for(process.communicate(), 120)

    before = datetime.now(UTC)
    with_edge(authority, test, Counting)
    own = OwnRequests(Project(tmp_path).work_dir("test")).read()
    assert Counting.counted > 5
    assert len(own) == (0 if is_told_where else Counting.counted)
    assert {(one.host, one.edge) for one in own} <= {(HOST, "haproxy")}
    hour = Counted(before, 3600, Counting.counted)
    assert strangers([hour], [one.at for one in own]) == (Counting.counted if is_told_where else 0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["onw"], "did you mean 'own'?"),
        (["idle"], "no link of idle is past branded"),
        (["own", "--sender", "ses"], "the edge's link says its sender"),
        ([], "name a HOST"),
    ],
)
def test_an_edge_that_cannot_be_asked_is_refused_with_its_fix(arguments: list[str], says: str, tmp_path: Path) -> None:
    assert says in refused("conformance", "--stack", "test", *arguments, cwd=stack(tmp_path, "127.0.0.1"))


def test_the_origin_alone_tells_its_echo_and_serves_it(authority: Authority) -> None:
    async def test(bench: Bench) -> None:
        process = await asyncio.create_subprocess_exec(
            *program_of("conformance", f"--origin-listen=127.0.0.1:{free_port()}"),
            cwd=REPOSITORY,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
            assert line.startswith("echo: http://127.0.0.1:")
            url = line.removeprefix("echo: ").strip()
            port = int(url.split(":")[2].split("/")[0])
            bench.proxy.origins[:] = [("127.0.0.1", port)]
            code, out, _ = await conformance(bench, f"--echo={url}", "--only=method.head")
            assert (code, out.splitlines()[0]) == (0, "kept       reach, method.head")
        finally:
            process.terminate()
            await process.wait()

    with_edge(authority, test, PlainToOrigin)


class PlainToOrigin(Proxy):
    async def connect(self, leg: Any) -> Any:
        return await asyncio.open_connection(*self.origins[0])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name a HOST"),
        (["h.example", "--only", "bytes.pth"], "did you mean 'bytes.path'?"),
        (["h.example", "--sender", "sendgird"], "did you mean 'sendgrid'?"),
        (["h.example", "--connect", "nowhere"], "is no address"),
        (["h.example", "--origin-listen", "8443"], "write 127.0.0.1:8443"),
        (["h.example", "--origin-listen", "127.0.0.1:1", "--echo", "http://a/"], "give one of the two"),
        (["h.example", "--origin-listen", "192.0.2.1:8443"], "of this machine"),
        (["h.example", "--certificate", "x"], "go together"),
        (["h.example", "--echo", "ftp://a/"], "is no URL"),
        (["no host"], "host"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_fix(arguments: list[str], says: str, tmp_path: Any) -> None:
    assert says in refused("conformance", *arguments, cwd=tmp_path)
