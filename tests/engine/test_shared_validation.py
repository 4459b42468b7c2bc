"""A link lets go of its edge while a certificate of somebody else is proved by the same record."""

from __future__ import annotations

from typing import Any

import boto3
from linkproof.acm import CERTIFICATE

from tests.engine.sandbox import Sandbox, link, linked

HOST = "url1.example.net"


def acm(box: Sandbox) -> Any:
    keys = {"aws_access_key_id": "AKIDLABDEFAULT", "aws_secret_access_key": "lab-aws-secret"}
    return boto3.client("acm", region_name="us-east-1", endpoint_url=box.lab.api_url("vendors/aws"), **keys)


def proof(box: Sandbox) -> set[str]:
    """The names of validation records that DNS serves."""
    with box.control as control:
        served = control.records("Z0EXAMPLE0NET")["rrsets"]
    return {rrset["name"] for rrset in served if rrset["name"].startswith("_")}


def test_the_record_stays_for_the_others_and_is_taken_again_afterwards(fresh: Sandbox) -> None:
    fresh.stack("dev", linked({"one": link(HOST, "ready")}))
    fresh.up("dev")
    (name,) = proof(fresh)
    client = acm(fresh)
    theirs = client.request_certificate(DomainName=HOST, ValidationMethod="DNS")["CertificateArn"]

    # back to branded would delete it
    fresh.declare("dev", linked({"one": link(HOST, "branded")}))
    refused = fresh.linkproof("guard", "dev", code=2)
    assert "validation.shared" in refused.stdout
    assert theirs in refused.stdout

    # kept, it outlives our certificate
    assert f"{HOST}/validation" in fresh.linkproof("keep", "one", "--stack", "dev").stdout
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    assert proof(fresh) == {name}
    assert not [r for r in fresh.state("dev")["deployment"]["resources"] if r["type"] == CERTIFICATE]

    # and the next edge of the host takes it as it is
    fresh.declare("dev", linked({"one": link(HOST, "ready")}))
    fresh.up("dev")
    assert proof(fresh) == {name}
    assert fresh.verify("dev")[0] in (0, 4)

    # with nobody else there it goes with the edge
    client.delete_certificate(CertificateArn=theirs)
    fresh.declare("dev", linked({"one": link(HOST, "branded")}))
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    assert proof(fresh) == set()
