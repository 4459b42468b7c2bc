"""Start, end and inspect a lab: plain functions for the command line and for tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import linkproof
from linkproof.errors import LinkproofError

from linkproof_lab.client import LabControl, LabUnreachableError
from linkproof_lab.server.inventory import documents
from linkproof_lab.server.pidfile import MODULE, is_lab, lab_pid
from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.world import CustomerZone

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05
_LOG_LINES_SHOWN = 15

_started: dict[int, subprocess.Popen[bytes]] = {}
"""Labs that this very process has started: as their parent it must also reap them."""


class LabFailedError(LinkproofError):
    """The lab did not come up."""

    def __init__(self, reason: str, log_file: Path, tail: str) -> None:
        super().__init__(f"the lab did not start: {reason}\n{tail}".rstrip(), f"read {log_file}")
        self.reason = reason


class OtherSettingsError(LinkproofError):
    """The lab runs, but not where it is wanted."""

    def __init__(self, running: LabSettings, wanted: LabSettings) -> None:
        names = ("net", "dns_port", "http_port", "https_port", "api_port")
        differing = ", ".join(
            f"{name} is {getattr(running, name)}, not {getattr(wanted, name)}"
            for name in names
            if getattr(running, name) != getattr(wanted, name)
        )
        super().__init__(
            f"the lab on {running.state_dir} already runs with other settings: {differing}",
            "run `linkproof lab down` first, or leave the options away to use it as it is",
        )


@dataclass(frozen=True, slots=True)
class ZoneStatus:
    id: str
    name: str
    host: str
    serial: int


@dataclass(frozen=True, slots=True)
class Status:
    """A lab at a glance.

    Args:
        healthy: it runs, and so do all of its parts.
        parts: what each part says of itself; empty when nothing runs.
        addresses: where things are, by what they are.
        objects: how many documents there are of each kind.
    """

    running: bool
    healthy: bool
    pid: int | None
    parts: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    zones: tuple[ZoneStatus, ...] = ()
    objects: dict[str, int] = field(default_factory=dict)


def up(settings: LabSettings, customer_zones: list[CustomerZone], parts: tuple[str, ...] | None = None) -> Status:
    """Start the lab, or find it running, and give it these zones.

    Args:
        parts: start only these; None for all.

    Raises:
        LabFailedError: a part did not start; nothing is left running.
        OtherSettingsError: it runs already, at other addresses or ports.
        LabRefusedError: the zones cannot be seeded.
    """
    settings = replace(settings, state_dir=settings.state_dir.resolve())
    pid = lab_pid(settings)
    if pid is not None:
        running = LabSettings.load(settings.state_dir)
        if running != settings:
            raise OtherSettingsError(running, settings)
        _await_health(settings, pid, lambda: is_lab(pid, settings.state_dir))
    else:
        settings.save()
        _start(settings, parts)
    with LabControl(settings) as control:
        control.seed(customer_zones)
    return status(settings)


def down(settings: LabSettings) -> bool:
    """End the lab's process, and only that; its state stays. False: there was none."""
    pid = lab_pid(settings)
    if pid is None:
        settings.pid_file.unlink(missing_ok=True)
        return False
    _end(pid, settings)
    return True


def status(settings: LabSettings) -> Status:
    """What runs and what the lab holds; reads the state's file when nothing runs."""
    pid = lab_pid(settings)
    healthy, parts = False, {}
    if pid is not None:
        settings = LabSettings.load(settings.state_dir)
        try:
            with LabControl(settings) as control:
                health = control.health()
            healthy = bool(health["ok"])
            parts = {name: str(part["text"]) for name, part in health["parts"].items()}
        except LabUnreachableError as error:
            parts = {"control": error.problem}
    return Status(
        running=pid is not None,
        healthy=healthy,
        pid=pid,
        parts=parts,
        addresses=_addresses(settings),
        zones=_zones(settings),
        objects={kind: len(docs) for kind, docs in documents(settings.database).items()},
    )


def _start(settings: LabSettings, parts: tuple[str, ...] | None) -> None:
    command = [sys.executable, "-m", MODULE, "--state", str(settings.state_dir)]
    if parts is not None:
        command += ["--parts", ",".join(parts)]
    with settings.log_file.open("ab") as log:
        written_before = log.tell()
        process = subprocess.Popen(
            command,
            cwd=Path(linkproof.__file__).parent.parent,  # where `-m` finds the package
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a Ctrl-C in the terminal is not meant for the lab
        )
    _started[process.pid] = process
    try:
        _await_health(settings, process.pid, lambda: process.poll() is None, written_before)
    except BaseException:
        if process.poll() is None:
            _end(process.pid, settings)
        raise


def _await_health(settings: LabSettings, pid: int, is_alive: Callable[[], bool], log_offset: int | None = None) -> None:
    """Poll until every part of this very process runs; another lab may answer at the same address.

    Raises:
        LabFailedError: the process ended, a part reports trouble, or the time is over.
    """
    deadline = time.monotonic() + _START_SECONDS
    reason = f"no healthy answer within {_START_SECONDS:.0f} s"
    with LabControl(settings, timeout_seconds=2.0) as control:
        while time.monotonic() < deadline:
            alive = is_alive()
            try:
                health = control.health() if alive else None
            except LabUnreachableError:
                health = {}
            if health is None:
                reason = "its process ended"
                break
            if health.get("pid") != pid:
                time.sleep(_POLL_SECONDS)
                continue
            if health.get("ok"):
                return
            if health.get("ready"):
                reason = "; ".join(
                    f"{name}: {part['text']}" for name, part in health["parts"].items() if not part["ok"]
                )
                break
            time.sleep(_POLL_SECONDS)
    raise LabFailedError(reason, settings.log_file, _log_tail(settings.log_file, log_offset))


def _log_tail(log_file: Path, offset: int | None) -> str:
    with log_file.open("rb") as log:
        log.seek(offset if offset is not None else max(0, log_file.stat().st_size - 8192))
        lines = log.read().decode(errors="replace").splitlines()
    return "\n".join(f"  | {line}" for line in lines[-_LOG_LINES_SHOWN:])


def _end(pid: int, settings: LabSettings) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline and _is_there(pid, settings):
            time.sleep(_POLL_SECONDS)
        if not _is_there(pid, settings):
            break
    settings.pid_file.unlink(missing_ok=True)


def _is_there(pid: int, settings: LabSettings) -> bool:
    child = _started.get(pid)
    if child is not None and child.poll() is not None:
        del _started[pid]
        return False
    return is_lab(pid, settings.state_dir)


def _addresses(settings: LabSettings) -> dict[str, str]:
    web = f"ports {settings.http_port} and {settings.https_port}"
    return {
        "resolver": f"{settings.resolver} port {settings.dns_port}",
        "root servers": f"{', '.join(settings.root_servers)} port {settings.dns_port}",
        "root hints": str(settings.hints_file),
        **{f"{one.facts.title} API": settings.api_url(one.key) for one in services() if one.facts.api},
        "control API": settings.control_api,
        **{
            f"{one.facts.title} edges": f"{', '.join(settings.addresses(one.facts.edges))} {web}"
            for one in services("edges")
        },
        **{
            f"{one.facts.title} origin": f"{', '.join(settings.addresses(one.facts.origins))} {web}"
            for one in services("senders")
            if one.facts.origins
        },
        "CA": str(settings.ca_file),
    }


def _zones(settings: LabSettings) -> tuple[ZoneStatus, ...]:
    if not settings.database.exists():
        return ()
    store = Store(settings.database)
    try:
        return tuple(ZoneStatus(zone.id, zone.name, zone.host, zone.serial) for zone in store.zones())
    finally:
        store.close()
