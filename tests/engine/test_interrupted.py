"""States as a kill, a failure, a rename or a crash leaves them, on the real engine: what `recover` and `expectations` make of them."""

from __future__ import annotations

import gzip
import json
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.engine.sandbox import Sandbox, forget, link, linked, sandbox

NET, COM = "url1.example.net", "url1.example.com"
CF_ZONE, R53_ZONE = "023e105f4ecef8ad9ca31a8372d0c353", "Z0EXAMPLE0NET"
DECLARATION = linked({"one": link(NET, "branded", None), "two": link(COM, "branded", None)})


@pytest.fixture(scope="module")
def deployed(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Two links in phase branded, one at each DNS host."""
    with sandbox(tmp_path_factory.mktemp("my project")) as made:
        made.stack("dev", DECLARATION)
        made.up("dev")
        yield made


def states(box: Sandbox) -> Path:
    return box.root / ".linkproof" / "dev" / "backend" / ".pulumi" / "stacks" / "linkproof"


def dead_lock(box: Sandbox) -> Path:
    folder = box.root / ".linkproof" / "dev" / "backend" / ".pulumi" / "locks" / "organization" / "linkproof" / "dev"
    folder.mkdir(parents=True, exist_ok=True)
    content = {"pid": 4194000, "hostname": socket.gethostname(), "timestamp": "2001-01-01T00:00:00Z"}
    (folder / "x.json").write_text(json.dumps(content))
    return folder / "x.json"


def leave_pending(box: Sandbox, host: str, op: str, *, unknown: bool = False) -> None:
    """Write an operation into the state as a killed engine leaves it; `pulumi stack import` would drop it."""
    file = states(box) / "dev.json"
    state = json.loads(file.read_text())
    latest = state["checkpoint"]["latest"]
    record = next(r for r in latest["resources"] if r["urn"].endswith(f"::{host}/CNAME"))
    if unknown:
        forget(latest["resources"], record)
        record = {key: value for key, value in record.items() if key not in ("id", "outputs")}
    latest["pending_operations"] = [{"resource": record, "type": op}]
    file.write_text(json.dumps(state))


def record_in_state(box: Sandbox, host: str) -> dict[str, Any] | None:
    resources = box.state("dev")["deployment"]["resources"]
    return next((r for r in resources if r["urn"].endswith(f"::{host}/CNAME")), None)


def route53(box: Sandbox, action: str, value: str) -> None:
    client = boto3.client(
        "route53",
        endpoint_url=box.lab.api_url("vendors/aws"),
        region_name="us-east-1",
        aws_access_key_id="AKIDLABDEFAULT",
        aws_secret_access_key="lab-aws-secret",
    )
    record = {"Name": NET, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": value}]}
    client.change_resource_record_sets(
        HostedZoneId=R53_ZONE, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    )


def cloudflare(box: Sandbox, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    url = f"{box.lab.api_url('vendors/cloudflare')}/client/v4/zones/{CF_ZONE}/dns_records{path}"
    answer = httpx.request(method, url, json=body, headers={"Authorization": f"Bearer {CLOUDFLARE_TOKEN}"})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def settle(box: Sandbox) -> None:
    """Back to the declared state, as the next `up` does it."""
    box.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")


def test_an_update_that_the_vendor_took_before_the_kill_is_in_the_state_afterwards(deployed: Sandbox) -> None:
    leave_pending(deployed, NET, "updating")
    route53(deployed, "UPSERT", "elsewhere.example")
    assert "read from the vendor" in deployed.linkproof("recover", "dev").stdout
    found = record_in_state(deployed, NET)
    assert found is not None
    assert found["inputs"]["records"] == ["elsewhere.example"]
    assert not deployed.state("dev")["deployment"].get("pending_operations")
    assert [step["op"] for step in deployed.preview("dev")] == ["update"], (
        "the engine knows that it has to be put right"
    )
    settle(deployed)


def test_a_delete_that_the_vendor_took_before_the_kill_is_in_the_state_afterwards(deployed: Sandbox) -> None:
    leave_pending(deployed, NET, "deleting")
    route53(deployed, "DELETE", "sendgrid.net")
    deployed.linkproof("recover", "dev")
    assert record_in_state(deployed, NET) is None
    settle(deployed)


@pytest.mark.parametrize("host", [NET, COM])
def test_a_create_that_the_vendor_took_is_imported_and_whole(deployed: Sandbox, host: str) -> None:
    before = record_in_state(deployed, host)
    leave_pending(deployed, host, "creating", unknown=True)
    assert "imported 1" in deployed.linkproof("recover", "dev").stdout
    after = record_in_state(deployed, host)
    assert before is not None
    assert after is not None
    assert (after["id"], after["inputs"]) == (before["id"], before["inputs"]), "as the provider keeps it"
    assert after["outputs"] == before["outputs"]
    deployed.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    assert "nothing was interrupted" in deployed.linkproof("recover", "dev").stdout


def test_an_interrupted_import_is_cleared(deployed: Sandbox) -> None:
    file = states(deployed) / "dev.json"
    state = json.loads(file.read_text())
    latest = state["checkpoint"]["latest"]
    record = next(r for r in latest["resources"] if r["urn"].endswith(f"::{NET}/CNAME"))
    importing = {key: record[key] for key in ("urn", "custom", "type", "provider", "parent") if key in record}
    importing |= {"urn": f"{record['urn']}2", "importID": "Z0EXAMPLE0NET_other.example.net_CNAME"}
    latest["pending_operations"] = [{"resource": importing, "type": "importing"}]
    file.write_text(json.dumps(state))
    assert "was interrupted; make it again" in deployed.linkproof("recover", "dev").stdout
    assert not deployed.state("dev")["deployment"].get("pending_operations")


def test_a_torn_state_is_mended_only_with_a_dead_engine_s_lock_and_every_command_says_the_way(
    deployed: Sandbox,
) -> None:
    file = states(deployed) / "dev.json"
    whole = file.read_text()
    backup = states(deployed) / "dev.json.bak"
    assert backup.exists(), "the engine's own"
    backup.write_text(whole)
    file.write_text(whole[:200])
    for command in ("guard", "expectations"):
        refused = deployed.linkproof(command, "dev", code=2)
        assert "the state of stack dev is torn" in refused.stderr
        assert "run `linkproof recover dev`" in refused.stderr
    refused = deployed.linkproof("recover", "dev", "--json", code=2)
    assert "no dead engine's lock was found" in json.loads(refused.stdout)["error"]["fix"]
    assert file.read_text() == whole[:200]
    lock = dead_lock(deployed)
    said = deployed.linkproof("recover", "dev").stdout
    assert "put the state back from dev.json.bak" in said
    assert not lock.exists()
    assert file.read_text() == whole


def test_a_compressed_state_and_a_renamed_stack_are_left_alone(
    deployed: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both leave the backup of a file that is gone; putting it back would roll the stack back, or revive it."""
    for variable, ending in (("PULUMI_DIY_BACKEND_GZIP", ".json.gz"), ("PULUMI_DIY_BACKEND_ZSTD", ".json.zst")):
        monkeypatch.setitem(deployed.environments["dev"], variable, "true")
        deployed.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
        assert (states(deployed) / f"dev{ending}").exists(), sorted(path.name for path in states(deployed).iterdir())
        assert not (states(deployed) / "dev.json").exists()
        dead_lock(deployed)
        assert "put the state back" not in deployed.linkproof("recover", "dev").stdout
        assert not (states(deployed) / "dev.json").exists()
        monkeypatch.delitem(deployed.environments["dev"], variable)
    deployed.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    deployed.pulumi("stack", "rename", "renamed", "--stack", "dev")
    try:
        assert not (states(deployed) / "dev.json").exists()
        (deployed.root / "Pulumi.dev.yaml").write_text((deployed.root / "Pulumi.renamed.yaml").read_text())
        assert "nothing was interrupted" in deployed.linkproof("recover", "dev").stdout
        dead_lock(deployed)  # a rename that was killed before its end
        assert "stack renamed has the same objects" in deployed.linkproof("recover", "dev").stdout
        assert not (states(deployed) / "dev.json").exists()
    finally:
        deployed.environments["renamed"] = deployed.environments["dev"]
        deployed.pulumi("stack", "rename", "dev", "--stack", "renamed")


def test_a_gzipped_state_that_is_torn_is_put_back(deployed: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deployed.environments["dev"], "PULUMI_DIY_BACKEND_GZIP", "true")
    deployed.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    file = states(deployed) / "dev.json.gz"
    whole = file.read_bytes()
    assert json.loads(gzip.decompress(whole))
    (states(deployed) / "dev.json.gz.bak").write_bytes(whole)
    file.write_bytes(whole[:-9])
    dead_lock(deployed)
    assert "put the state back from dev.json.gz.bak" in deployed.linkproof("recover", "dev").stdout
    assert file.read_bytes() == whole
    monkeypatch.delitem(deployed.environments["dev"], "PULUMI_DIY_BACKEND_GZIP")
    settle(deployed)
    assert (states(deployed) / "dev.json").exists()


def test_what_exists_already_is_named_with_the_command_that_imports_it(deployed: Sandbox) -> None:
    """A record that somebody made by hand: the engine shows the vendor's refusal, `expectations` the way."""
    host = "url2.example.com"
    made = cloudflare(deployed, "POST", "", {"name": host, "type": "CNAME", "content": "other.example", "ttl": 300})
    more = {**DECLARATION, "links": {**DECLARATION["links"], "three": link(host, "branded", None)}}
    deployed.declare("dev", more)
    failed = deployed.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs", code=None)
    assert failed.returncode != 0
    assert "pulumi import" not in failed.stdout + failed.stderr, "the provider itself gives no such hint"
    said = deployed.linkproof("expectations", "dev").stdout
    assert f"record {host} CNAME exists already, but it holds other.example, not sendgrid.net" in said
    (command,) = [line.partition("own it: ")[2] for line in said.splitlines() if "pulumi import" in line]
    assert f"{CF_ZONE}/{made['id']}" in command
    _, *arguments = shlex.split(command)
    deployed.pulumi(*arguments, "--yes")
    assert [step["op"] for step in deployed.preview("dev")] == ["update"], "and no create"
    deployed.up("dev")
    assert cloudflare(deployed, "GET", f"/{made['id']}")["content"] == "sendgrid.net"
    assert "exists already" not in deployed.linkproof("expectations", "dev").stdout
    deployed.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")
    deployed.declare("dev", DECLARATION)
    settle(deployed)


def test_flattening_that_somebody_switched_on_is_switched_off_again(deployed: Sandbox) -> None:
    found = record_in_state(deployed, COM)
    assert found is not None
    cloudflare(deployed, "PATCH", f"/{found['id']}", {"settings": {"flatten_cname": True}})
    assert cloudflare(deployed, "GET", f"/{found['id']}")["settings"]["flatten_cname"] is True
    deployed.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert [step["op"] for step in deployed.preview("dev")] == ["update"]
    deployed.up("dev")
    assert cloudflare(deployed, "GET", f"/{found['id']}")["settings"].get("flatten_cname") is False
