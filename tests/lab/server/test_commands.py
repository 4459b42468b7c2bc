"""Starting, ending and finding a lab, with real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import dns.zone
import linkproof
import pytest
from linkproof_lab.client import LabControl, LabUnreachableError
from linkproof_lab.commands import LabFailedError, OtherSettingsError, down, status, up
from linkproof_lab.server.pidfile import is_lab, lab_pid

ROOT = Path(linkproof.__file__).parents[2]


def processes_of(settings) -> list[int]:
    """Every process whose command line names the lab's folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if str(settings.state_dir) in line:
            found.append(int(folder.name))
    return found


def kill(pid: int, settings) -> None:
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_lab(pid, settings.state_dir) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_lab(pid, settings.state_dir)


def test_up_starts_one_process_and_down_ends_it(settings, zones, parts, ask):
    before = status(settings)
    assert (before.running, before.pid, before.zones) == (False, None, ())
    after = up(settings, zones, parts)
    assert (after.running, after.healthy) == (True, True)
    assert set(after.parts) == set(parts)
    assert processes_of(settings) == [after.pid]
    assert {"example.com", "example.org", "sendgrid.net"} <= {zone.name for zone in after.zones}
    assert ask(settings.server_addresses("route53")[0], "example.com", "SOA").answer
    hints = dns.zone.from_text(settings.hints_file.read_text(), origin=".", relativize=False, check_origin=False)
    glue = {record.address for _, _, record in hints.iterate_rdatas("A")}
    assert glue == set(settings.root_servers)
    assert down(settings) is True
    assert processes_of(settings) == []
    assert not settings.pid_file.exists()
    assert down(settings) is False


def test_a_second_up_finds_the_first_and_only_seeds(settings, zones, parts, ask):
    first = up(settings, zones[:1], parts)
    second = up(settings, zones, parts)
    assert second.pid == first.pid
    assert ask(settings.server_addresses("manual")[0], "example.org", "SOA").answer
    third = up(settings, zones, parts)
    assert third.zones == second.zones


def test_up_with_other_settings_is_refused_while_it_runs(settings, zones, parts):
    pid = up(settings, zones, parts).pid
    with pytest.raises(OtherSettingsError, match=r"net is 72, not 73(.|\n)*lab down"):
        up(replace(settings, net=73), zones, parts)
    assert status(settings).pid == pid


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_lost_or_left_running_when_it_ends(settings, zones, parts, ask, number):
    pid = up(settings, zones, parts).pid
    with LabControl(settings) as control:
        control.set_records("manual", [{"name": "www.example.org", "type": "A", "ttl": 300, "data": ["192.0.2.1"]}])
        control.put_fault(
            "one", {"server": settings.server_addresses("manual")[1], "mode": "servfail", "zone": "example.org"}
        )
        held = control.dump()
    if number == signal.SIGKILL:
        kill(pid, settings)
        assert settings.pid_file.exists(), "the pid file is stale now"
        assert lab_pid(settings) is None
    else:
        down(settings)
    assert processes_of(settings) == []
    stopped = status(settings)
    assert (stopped.running, stopped.objects) == (False, {"dns-fault": 1})
    again = up(settings, zones, parts)
    assert again.pid != pid
    assert ask(settings.server_addresses("manual")[0], "www.example.org").answer[0][0].address == "192.0.2.1"
    with LabControl(settings) as control:
        assert control.dump() == held


def test_a_pid_file_with_another_programs_number_is_stale_and_that_program_lives(settings, zones, parts):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        settings.state_dir.mkdir(parents=True)
        settings.pid_file.write_text(f"{bystander.pid}\n")
        assert status(settings).running is False
        assert down(settings) is False
        settings.pid_file.write_text(f"{bystander.pid}\n")
        assert up(settings, zones, parts).pid != bystander.pid
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_the_lab_of_another_folder_is_not_taken_for_this_one(settings, zones, parts, tmp_path):
    other = replace(settings, state_dir=tmp_path / "other")
    pid = up(settings, zones, parts).pid
    other.state_dir.mkdir()
    other.pid_file.write_text(f"{pid}\n")
    assert lab_pid(other) is None
    with pytest.raises(LabFailedError, match="its process ended"):
        up(other, zones, parts)
    assert processes_of(other) == []
    assert status(settings).healthy


@pytest.mark.parametrize("transport", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_in_use_is_named_with_the_way_out(settings, zones, parts, transport):
    with socket.socket(socket.AF_INET, transport) as taken:
        taken.bind((settings.tld_servers[0], settings.dns_port))
        if transport == socket.SOCK_STREAM:
            taken.listen()
        with pytest.raises(LabFailedError) as failure:
            up(settings, zones, parts)
    text = str(failure.value)
    assert f"port {settings.dns_port} on {settings.tld_servers[0]} is in use" in text
    assert "lab up --dns-port PORT" in text
    assert processes_of(settings) == []
    assert up(settings, zones, parts).healthy


def test_the_control_apis_port_in_use_is_named_too(settings, zones, parts):
    said = rf"control API: port {settings.api_port} on 127\.72\.100\.9(.|\n)*--api-port"
    with socket.create_server((settings.address(100, 9), settings.api_port)), pytest.raises(LabFailedError, match=said):
        up(settings, zones, parts)
    assert processes_of(settings) == []


def test_a_folder_has_at_most_one_lab(settings, zones, parts):
    pid = up(settings, zones, parts).pid
    settings.pid_file.unlink()  # the second one does not even see the first
    second = subprocess.run(
        [sys.executable, "-m", "linkproof_lab.server", "--state", str(settings.state_dir), "--parts", ",".join(parts)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    assert "already runs" in second.stderr
    settings.pid_file.write_text(f"{pid}\n")
    assert status(settings).healthy


def test_the_client_says_how_to_start_a_lab_that_does_not_answer(settings):
    with LabControl(settings) as control, pytest.raises(LabUnreachableError, match="lab up"):
        control.health()
