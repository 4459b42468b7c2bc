"""An edge moves to another AWS account: what is refused, the way that the refusal names, and what that way leaves behind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from linkproof.acm import CERTIFICATE
from linkproof.edges.cloudfront.items import DISTRIBUTION
from linkproof_lab.vendors.aws.acm.request import validation_record
from linkproof_lab.vendors.aws.control_plane.accounts import account_number

from tests.engine.sandbox import Sandbox, link, linked

HOST = "url1.example.net"
KEYS = {"default": "AKIDLABDEFAULT", "cdn": "AKIDLABCDN"}
OLD, NEW = KEYS


def at(phase: str, account: str) -> dict[str, Any]:
    """Times so short that what resolvers may hold dies while the guard waits for it."""
    wanted = linked({"one": link(HOST, phase, ttl_seconds=2)})
    wanted["zones"]["example.net"]["propagation_seconds"] = 1
    wanted["edges"]["aws"]["account"] = account
    return wanted


@pytest.fixture(scope="module")
def live(box: Sandbox) -> Sandbox:
    started(box, "live")
    return box


def started(box: Sandbox, phase: str) -> None:
    box.stack("dev", at(phase, OLD))
    box.aws_account("dev", NEW, KEYS[NEW])
    box.up("dev")


def refused(box: Sandbox, phase: str, account: str) -> list[tuple[str, str]]:
    """The rules that the guard refuses a step by, and the way that each names."""
    box.declare("dev", at(phase, account))
    said = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)
    return [(refusal["rule"], refusal["fix"]) for refusal in said["refusals"]]


def held(box: Sandbox) -> dict[str, list[str]]:
    """What each account of the lab holds for the host: the kinds of its objects."""
    kinds = box.control.dump()["documents"]
    found: dict[str, list[str]] = {account: [] for account in KEYS}
    names = {account_number(key): account for account, key in KEYS.items()}
    for kind in ("acm-certificate", "cloudfront-distribution", "cloudfront-policy"):
        for document in kinds.get(kind, {}).values():
            found[names[document["account"]]].append(kind)
    return found


def proofs(box: Sandbox) -> dict[str, list[str]]:
    """The validation records that DNS serves."""
    served = box.control.records("Z0EXAMPLE0NET")["rrsets"]
    return {rrset["name"]: rrset["data"] for rrset in served if rrset["name"].startswith("_")}


def proof_of(account: str) -> dict[str, list[str]]:
    """As ACM asks for it in that account."""
    wanted = validation_record(account_number(KEYS[account]), HOST)
    return {wanted["name"].rstrip("."): [wanted["value"]]}


def certificates(box: Sandbox) -> dict[str, str]:
    """What the state has of certificate and distribution, with the account in their ARNs."""
    resources = box.state("dev")["deployment"]["resources"]
    numbers = {account_number(key): account for account, key in KEYS.items()}
    return {r["type"]: numbers[r["outputs"]["arn"].split(":")[4]] for r in resources if r["type"] in (CERTIFICATE, DISTRIBUTION)}  # fmt: skip


def step(box: Sandbox, phase: str, account: str) -> None:
    """One deployment as `make up` does it; the guard waits for what time alone allows."""
    box.declare("dev", at(phase, account))
    box.linkproof("guard", "dev", "--wait", "2m")
    box.pulumi("up", "--stack", "dev", "--yes", "--suppress-outputs")
    box.linkproof("expectations", "dev")


EDGE = ["acm-certificate", "cloudfront-distribution", "cloudfront-policy"]


def test_the_account_of_an_edge_in_use_is_not_changed_directly(live: Sandbox) -> None:
    assert held(live) == {OLD: EDGE, NEW: []}
    for phase in ("live", "ready"):
        ((rule, way),) = refused(live, phase, NEW)
        assert rule == "phase.edge-changed"
        assert "to branded" in way
    step(live, "ready", OLD)
    for phase, expected in (("live", "phase.edge-changed"), ("ready", "phase.edge-account")):
        ((rule, way),) = refused(live, phase, NEW)
        assert rule == expected
        assert "to branded" in way
    assert held(live) == {OLD: EDGE, NEW: []}


def test_the_way_that_the_refusal_names_ends_live_in_the_other_account(live: Sandbox) -> None:
    """From ready with the old edge, as the refusal says: branded, so that the distribution is gone; then forwards."""
    step(live, "branded", OLD)
    assert (held(live), proofs(live)) == ({OLD: [], NEW: []}, {})
    for phase in ("ready", "live"):
        step(live, phase, NEW)
        assert (held(live), proofs(live)) == ({OLD: [], NEW: EDGE}, proof_of(NEW))
    assert certificates(live) == {CERTIFICATE: NEW, DISTRIBUTION: NEW}
    assert proof_of(NEW) != proof_of(OLD), "each account is proved by a record of its own"
    code, report = live.verify("dev", "--wait", "2m")
    assert (code, report["verdict"]) == (0, "proven"), json.dumps(report, indent=1)
    live.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_past_the_guard_the_change_fails_half_way(fresh: Sandbox) -> None:
    """What the refusal spares: no account can change, or take over, what another one has."""
    started(fresh, "ready")
    fresh.declare("dev", at("ready", NEW))
    done = fresh.pulumi("up", "--stack", "dev", "--yes", "--suppress-outputs", code=None)
    assert done.returncode != 0, done.stdout
    assert "Distribution" in done.stdout, done.stdout
    assert held(fresh) == {OLD: EDGE, NEW: ["cloudfront-policy"]}, "half-way"
    # and the way out of it
    step(fresh, "ready", OLD)
    assert held(fresh) == {OLD: EDGE, NEW: []}
    fresh.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
