"""What the next deployment would change is refused with the ways out; a run that is killed has changed nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.elsewhere import CACHING_OPTIMIZED, Elsewhere
from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_adopt import held, writes

NET, MORE = "url1.example.net", "url2.example.net"
CACHE = "defaultCacheBehavior.cachePolicyId"
# Without the second the certificate would be replaced, and its validation record have no name to be found by.
KEEP = ("--keep", CACHE, "--keep", "keyAlgorithm")


def declaration(ttl_seconds: int) -> dict[str, Any]:
    return linked(
        {"one": link(NET), "two": link(MORE, "branded", None, ttl_seconds=ttl_seconds, owner="7654321.example.net")}
    )


@pytest.fixture(scope="module")
def there(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A distribution that answers clicks from a cache with an elliptic key, and a record with a TTL that is not the declared one."""
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", declaration(300))
        others = Elsewhere(made)
        others.route53_record("1234567.example.net", "sendgrid.net")
        others.route53_record("7654321.example.net", "sendgrid.net", 3600)
        others.route53_record(MORE, "sendgrid.net", 3600)
        others.links_at_cloudfront(
            NET,
            odd={NET: {"CachePolicyId": CACHING_OPTIMIZED, "extra_origin": True}},
            certificates={NET: {"KeyAlgorithm": "EC_prime256v1"}},
        )
        others.deployed()
        yield made


def resources(box: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = box.state("dev")["deployment"].get("resources") or []
    return found


def kept(box: Sandbox) -> str | None:
    file = box.root / "stacks" / "adopted" / "dev.yaml"
    return file.read_text() if file.exists() else None


@pytest.mark.parametrize("dry", [True, False])
def test_a_change_is_refused_with_both_ways_out_and_nothing_is_done(there: Sandbox, dry: bool) -> None:
    before, asked = held(there), writes(there)
    said = there.linkproof("adopt", "dev", *(["--dry-run"] if dry else []), code=1).stdout
    assert f"differs  {NET} (Distribution) {CACHE}" in said
    assert f"live {CACHING_OPTIMIZED}" in said
    assert "clicks are answered from a cache as declared, or not at all" in said
    assert f"--keep {NET}:{CACHE}" in said
    assert f"differs  {MORE}/CNAME (Record) ttl" in said
    assert "declared 300; live 3600" in said
    assert "write `ttl_seconds: 3600`" in said
    assert f"--accept {MORE}/CNAME" in said
    assert f"--keep {MORE}" not in said, "the verifier proves the TTL: it has to be declared"
    assert "origins" not in said.partition("differs")[2], "the other origin gets no click"
    assert f"differs  {NET} (Certificate) keyAlgorithm (replaced)" in said
    assert f"differs  {NET} (Distribution) viewerCertificate" in said, "what the replacement leads to"
    assert "nothing was taken over: 5 differences to decide" in said
    assert resources(there) == []
    assert kept(there) is None
    assert (held(there), writes(there)) == (before, asked)


def test_a_dry_run_that_would_succeed_says_so_and_does_nothing(there: Sandbox) -> None:
    there.declare("dev", declaration(3600))
    said = json.loads(there.linkproof("adopt", "dev", "--dry-run", *KEEP, "--json").stdout)
    assert (said["done"], said["refused"]) == (False, [])
    assert {one["resource"] for one in said["found"]} >= {NET, f"{NET}/CNAME", f"{NET}/validation", f"{MORE}/CNAME"}
    assert f"{CACHE}" in {one["property"] for one in said["kept"]}
    assert (resources(there), kept(there)) == ([], None)


def test_killed_at_any_moment_and_run_again_it_ends_the_same(there: Sandbox) -> None:
    before, asked = held(there), writes(there)
    killed = 0
    for requests in (0, 12):
        killed += kill_adopt(there, requests)
        assert resources(there) == [], "the state is replaced in one piece, at the end"
    assert killed == 2
    there.linkproof("adopt", "dev", *KEEP)
    assert (held(there), writes(there)) == (before, asked)
    once = {one["urn"]: (one.get("id"), one.get("inputs")) for one in resources(there)}
    file = kept(there)
    assert file is not None
    assert "keyAlgorithm" in file
    assert "viewerCertificate" not in file
    # as after a kill between the file and the state
    there.pulumi("stack", "rm", "--stack", "dev", "--yes", "--force", "--preserve-config")
    there.pulumi("stack", "init", "--stack", "dev")
    there.linkproof("adopt", "dev")
    again = {one["urn"]: (one.get("id"), one.get("inputs")) for one in resources(there)}
    assert {urn: found for urn, found in again.items() if "pulumi:providers" not in urn} == {
        urn: found for urn, found in once.items() if "pulumi:providers" not in urn
    }
    assert kept(there) == file


def test_what_is_accepted_is_changed_by_the_next_up_and_only_then(there: Sandbox) -> None:
    """The control: without a refusal the deployment does change what is live."""
    there.up("dev")
    there.declare("dev", declaration(300))
    asked = writes(there)
    assert "ttl" in there.linkproof("adopt", "dev", code=1).stdout
    said = there.linkproof("adopt", "dev", "--accept", f"{MORE}/CNAME", "--accept", "7654321.example.net/CNAME").stdout
    assert "accepted: url2.example.net/CNAME (Record) ttl: `pulumi up` makes 3600 300" in said
    assert writes(there) == asked
    assert ("update", f"{MORE}/CNAME") in there.steps_of_up("dev")
    assert len(writes(there)) > len(asked)


def kill_adopt(box: Sandbox, requests: int) -> bool:
    """Kill it, and every process that it started, once the vendors were asked so many times; whether it was in time."""
    log = box.lab.request_log
    seen = len(log.read_text().splitlines())
    running = subprocess.Popen(
        [*box.program, "adopt", "dev", *KEEP],
        cwd=box.root,
        env=box.base,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    time.sleep(1)
    while running.poll() is None and len(log.read_text().splitlines()) < seen + requests:
        assert time.monotonic() < until
        time.sleep(0.01)
    in_time = running.poll() is None
    if in_time:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait(60)
    return in_time
