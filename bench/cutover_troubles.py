"""What goes wrong on the way of a link: each is met by a deployment that refuses or fails, and the next one has to end where declared."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import yaml
from linkproof_lab.apis.faults import API_FAULT
from linkproof_lab.store import Store

from tests.engine.sandbox import LINKPROOF, Sandbox, until
from tests.engine.test_recover import writes

AT_ONCE = ("--wait", "0s", "--allow", "preview.many")
OPTIONS = ("--guard-wait", "10m", *AT_ONCE)
LOWERED, TOO_LONG_SECONDS = "aws5", 7200  # the link whose TTL is lowered first, and what it has before
# What a vendor's front says while what is behind it does not answer.
_NO_ROUTE_53 = {"service": "vendors/aws", "path": "/2013-04-01/*", "status": 503}
_NO_RECORDS = {"service": "vendors/cloudflare", "path": "*/dns_records*", "status": 503}
_NO_DISTRIBUTION = {"service": "vendors/aws", "method": "POST", "path": "/2020-05-31/distribution*", "status": 503}


class Way(Protocol):
    """The links, on their way."""

    box: Sandbox
    ttls: dict[str, int]

    def declare(self, phase: str, *, back: bool = False) -> None: ...

    def deploy(self, phase: str, *, back: bool = False) -> None: ...


class Trouble(Protocol):
    """Happens once the step has been declared. What is declared when it ends is for the deployment that follows."""

    def __call__(self, way: Way) -> None: ...


def killed(way: Way) -> None:
    """`deploy` and all that it started, as soon as a vendor has written something in `up`."""
    box, log = way.box, way.box.root / "killed.log"
    with log.open("w") as stream:
        running = subprocess.Popen(
            [*LINKPROOF, "deploy", "dev", *OPTIONS], cwd=box.root, env=box.base, stdin=subprocess.DEVNULL,
            stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def is_over() -> bool:
        return running.poll() is not None

    until(lambda: "] up\n" in log.read_text() or is_over(), 900)
    before = writes(box)
    until(lambda: writes(box) > before or is_over(), 300)
    assert not is_over(), log.read_text()
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(60)


def edge_fails(way: Way) -> None:
    """CloudFront takes no new distribution."""
    with _faults(way.box, _NO_DISTRIBUTION):
        _fails(way.box)


def dns_hosts_down(way: Way) -> None:
    """Neither DNS host's API answers, and one name server of each zone is silent."""
    with _faults(way.box, _NO_ROUTE_53, _NO_RECORDS), way.box.control as control:
        silent = [
            zone.servers[0][1] for zone in Store(way.box.lab.database).zones() if zone.name.startswith("example.")
        ]
        for address in silent:
            control.put_fault(f"down/{address}", {"server": address, "mode": "timeout"})
        try:
            _fails(way.box)
        finally:
            for address in silent:
                control.delete_fault(f"down/{address}")


def ttl_lowered(way: Way) -> None:
    """The step is refused with its reason, and the way that the refusal names is taken: the TTL first, then the step."""
    box = way.box
    done = box.linkproof("deploy", "dev", *AT_ONCE, code=2)
    assert "move.ttl-too-long" in done.stdout, done.stdout + done.stderr
    assert "nothing was deployed" in done.stdout
    way.declare("ready")
    box.linkproof("advance", LOWERED, "--lower-ttl", "--stack", "dev")
    written = yaml.safe_load((box.root / "stacks" / "dev.yaml").read_text())
    way.ttls[LOWERED] = written["links"][LOWERED]["ttl_seconds"]
    assert way.ttls[LOWERED] < TOO_LONG_SECONDS
    way.deploy("ready")
    way.declare("live")


def _fails(box: Sandbox) -> None:
    """It says that it did, what stands, and how it goes on."""
    done = box.linkproof("deploy", "dev", *AT_ONCE, code=2)
    said = done.stdout + done.stderr
    assert "What stands" in said, said
    assert "run `linkproof deploy dev` again" in said, said


@contextmanager
def _faults(box: Sandbox, *documents: dict[str, Any]) -> Iterator[None]:
    with box.control as control:
        for number, document in enumerate(documents):
            control.put_document(API_FAULT, str(number), document)
        try:
            yield
        finally:
            for number, _ in enumerate(documents):
                control.delete_document(API_FAULT, str(number))
