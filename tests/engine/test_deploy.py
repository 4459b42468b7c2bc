"""`linkproof deploy` on a real engine: what changes, what does not, what is refused, and what stands after a failure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from linkproof.engine.cli import JUDGED

from tests.engine.sandbox import LINKPROOF, Sandbox, link, linked, sandbox, until

NET, COM, TAKEN = "url1.example.net", "url1.example.com", "url9.example.net"


def declaration(phase: str = "ready", **more: Any) -> dict[str, Any]:
    return linked(
        {"one": link(NET, phase, **{"ttl_seconds": 5, **more}), "two": link(COM, "branded", "cf", in_use=False)}
    )


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("deploy")) as made:
        made.stack("dev", declaration())
        yield made


def deploy(box: Sandbox, *more: str, code: int | None = 0) -> dict[str, Any]:
    done = box.linkproof("deploy", "dev", "--json", "--wait", "0s", *more, code=code)
    said: dict[str, Any] = json.loads(done.stdout)
    assert "changes" in said, done.stdout + done.stderr
    return {**said, "said": done.stderr}


def ops(said: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (one["op"], one["name"]) for one in said["changes"] if not one["type"].startswith(("linkproof:", "pulumi:"))
    }


def version(box: Sandbox) -> int:
    return len(list((box.root / ".linkproof" / "dev" / "backend" / ".pulumi" / "history").rglob("*.history.json*")))


def test_the_way_of_a_link_is_one_command_a_phase(box: Sandbox) -> None:
    first = deploy(box)
    assert (first["deployed"], first["exit"]) == (True, 0)
    assert ("create", NET) in ops(first)
    updates = version(box)

    again = deploy(box)
    assert (again["deployed"], again["changes"], again["exit"]) == (False, [], 0)
    assert "nothing has to change" in again["said"]
    assert version(box) == updates, "the engine was not started for a deployment of nothing"

    box.declare("dev", declaration("live"))
    looked = deploy(box, "--dry-run")
    assert ops(looked) == {("update", f"{NET}/CNAME")}
    assert looked["deployed"] is False
    assert version(box) == updates
    assert ops(deploy(box, code=None)) == {("update", f"{NET}/CNAME")}

    # nothing but what the stack exports
    box.declare("dev", declaration("secured"))
    secured = deploy(box, code=None)
    assert (secured["changes"], secured["deployed"]) == ([], True)
    assert box.state("dev")["deployment"]["resources"][0]["outputs"]["links"]["one"]["phase"] == "secured"


def test_a_refusal_leaves_everything_as_it_is(box: Sandbox) -> None:
    updates = version(box)
    box.declare("dev", declaration("branded"))
    said = deploy(box, code=2)
    assert [one["rule"] for one in said["refusals"]] == ["phase.skipped"]
    assert "nothing was deployed" in said["said"]
    assert version(box) == updates

    # somebody who knows nothing of it: the program refuses by what the stack exported
    environment = {key: value for key, value in box.environments["dev"].items() if key not in JUDGED}
    plain = subprocess.run(
        ["pulumi", "up", "--stack", "dev", "--yes", "--suppress-outputs", "--non-interactive"],
        cwd=box.root, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert plain.returncode != 0
    assert "phase.skipped" in plain.stdout
    assert "linkproof deploy dev" in plain.stdout
    box.declare("dev", declaration("secured"))


def at_route53(box: Sandbox, action: str) -> None:
    """A record that somebody has made by hand, at a name that is declared afterwards."""
    aws = boto3.client(
        "route53",
        region_name="us-east-1",
        endpoint_url=box.lab.api_url("vendors/aws"),
        aws_access_key_id="AKIDLABDEFAULT",
        aws_secret_access_key="lab-aws-secret",
        config=Config(proxies={}),
    )
    record = {"Name": TAKEN, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "elsewhere.example"}]}
    change = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    aws.change_resource_record_sets(HostedZoneId="Z0EXAMPLE0NET", ChangeBatch=change)


def test_after_a_failure_it_says_what_stands_and_the_next_one_ends_where_declared(box: Sandbox) -> None:
    at_route53(box, "CREATE")
    wanted = declaration("secured", ttl_seconds=6)
    wanted["links"]["three"] = link(TAKEN, "branded", "aws", in_use=False)
    box.declare("dev", wanted)
    said = box.linkproof("deploy", "dev", code=2)
    assert f"not done: create {TAKEN}/CNAME" in said.stdout
    assert f"three ({TAKEN}) is not deployed, declared branded" in said.stdout
    assert "exists already" in said.stdout
    assert "linkproof deploy dev" in said.stderr
    at_route53(box, "DELETE")
    assert ("create", f"{TAKEN}/CNAME") in ops(deploy(box, code=None))
    assert deploy(box, code=None)["changes"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_early_end_waits_for_the_engine_and_says_what_stands(
    box: Sandbox, number: signal.Signals, tmp_path: Path
) -> None:
    """As a terminal does it, ^C reaches both; as a runner does it, SIGTERM reaches us alone and is handed on."""
    ttl = 200 + number
    wanted = declaration("secured", ttl_seconds=ttl)
    wanted["links"]["three"] = link(TAKEN, "branded", "aws", in_use=False)
    box.declare("dev", wanted)
    out = tmp_path / "out"
    with out.open("w") as stream:
        process = subprocess.Popen(
            [*LINKPROOF, "deploy", "dev"], cwd=box.root, env=box.base, stdin=subprocess.DEVNULL,
            stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            until(lambda: "Previewing" in out.read_text())
            if number == signal.SIGINT:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
            code = process.wait(60)
        finally:
            process.kill()
    said = out.read_text()
    assert code == 2, said
    assert "was interrupted" in said
    assert "What stands" in said
    again = deploy(box, code=None)
    assert again["exit"] != 2, again["said"]
    assert deploy(box, code=None)["changes"] == []
