"""Property values on the wire, and the signature of requests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from linkproof.providers.protocol.schema import FLAG, TEXT, TEXT_SET, changes, normal, obj, replacing
from linkproof.providers.protocol.values import SECRET, SIGNATURE_KEY, UNKNOWN, from_struct, has_unknown, to_struct
from linkproof_lab.vendors.aws.stand_in.sigv4 import Credentials, signed_headers


def test_values_survive_the_wire():
    values = {"text": "ü", "number": 1, "float": 1.5, "flag": False, "list": ["a", {"b": [1]}], "empty": {}}
    assert from_struct(to_struct(values)) == values
    assert isinstance(from_struct(to_struct({"n": 300}))["n"], int)


def test_secrets_are_opened_nulls_left_out_and_unknowns_kept():
    wire = to_struct({"token": {SIGNATURE_KEY: SECRET, "value": "s"}, "none": None, "later": UNKNOWN, "__defaults": []})
    plain = from_struct(wire)
    assert plain["token"] == "s"
    assert set(plain) == {"token", "later"}
    assert has_unknown(plain)


def test_an_unknown_equals_nothing_so_it_is_always_a_change():
    schema = obj({"names": replacing(TEXT_SET), "name": TEXT, "on": FLAG.but(default=True)})
    old = {"names": ["a"], "name": "b"}
    new = {"names": ["a", UNKNOWN], "name": UNKNOWN, "on": True}
    found = list(changes(schema, normal(schema, old), normal(schema, new)))
    assert [(one.path, one.replaces) for one in found] == [("names", True), ("name", False)]
    assert list(changes(schema, normal(schema, new), normal(schema, new)))


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("GET", "http://127.0.0.1:8090/2013-04-01/hostedzone/Z1/rrset?name=%2A.a.example&type=CNAME&maxitems=1", b""),
        (
            "POST",
            "http://127.0.0.1:8090/2020-05-31/tagging?Operation=Tag&Resource=arn%3Aaws%3Acloudfront%3A%3A1%3Adistribution%2FE1",
            b"<x/>",
        ),
        ("POST", "http://127.0.0.1:8090/", b"{}"),
    ],
)
def test_requests_are_signed_as_botocore_signs_them(method, url, body, monkeypatch):
    now = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
    headers = {"content-type": "application/xml", "x-amz-target": "A.B"}
    ours = signed_headers(Credentials("AKIAX", "secret"), "route53", "us-east-1", method, url, headers, body, now)
    request = AWSRequest(method, url, headers=dict(headers), data=body)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: now.replace(tzinfo=None))
    SigV4Auth(BotoCredentials("AKIAX", "secret"), "route53", "us-east-1").add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]
    assert "secret" not in repr(Credentials("AKIAX", "secret"))
