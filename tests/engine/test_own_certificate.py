"""A live link gets a certificate of the user's own, by the real engine, and ours goes afterwards."""

from __future__ import annotations

import json
from typing import Any

from linkproof.acm import CERTIFICATE
from linkproof_lab import ca

from tests.engine.sandbox import Sandbox, link, linked

HOST = "url1.example.net"


def imported(box: Sandbox) -> str:
    """A wildcard that somebody imported into ACM, as the lab has one."""
    made = ca.issue(box.lab, ["*.example.net"], key="rsa2048")
    with box.control as control:
        ((arn, ours),) = control.dump()["documents"]["acm-certificate"].items()
        other = f"{arn.rpartition('/')[0]}/0a1b2c3d-0000-4000-8000-0123456789ab"
        pems = {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
        its = {"names": ["*.example.net"], "not_after": made.not_after.timestamp(), "tags": {}}
        control.put_document("acm-certificate", other, {**ours, **pems, **its})
    return other


def declaration(arn: str = "") -> dict[str, Any]:
    wanted = linked({"one": link(HOST, "live")})
    if arn:
        wanted["edges"]["aws"]["certificates"] = {"*.example.net": arn}
    return wanted


def test_a_live_link_gets_it_in_place_and_ours_is_let_go_before_it_goes(box: Sandbox) -> None:
    box.stack("dev", declaration())
    box.up("dev")
    arn = imported(box)
    box.declare("dev", declaration(arn))
    said = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)
    assert {refusal["rule"] for refusal in said["refusals"]} == {"move.protected"}
    box.linkproof("retire", "one", "-s", "dev")
    box.linkproof("guard", "dev")
    steps = box.steps_of_up("dev")
    assert [kind for kind, _ in steps].count("update") == 1, steps
    assert {kind for kind, _ in steps} == {"update", "delete"}
    assert steps[0] == ("update", HOST), "the distribution has the other one before ours goes"
    code, report = box.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    assert not [one for one in box.state("dev")["deployment"]["resources"] if one["type"] == CERTIFICATE]
