"""`expectations.json`: what is read, what is refused, and where the reader is told to look."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkproof.errors import LinkproofError
from linkproof.expectations.model import InvalidExpectationsError, json_schema, load, parse, require_known_edges
from pydantic import ValidationError

SCHEMA = Path(__file__).parent.parent.parent / "schemas" / "expectations.schema.json"
WHOLE = {
    "version": 1,
    "stack": "dev",
    "written_at": "2026-11-22T10:00:00Z",
    "zones": [{"id": "zone/example.net", "path": "zones.example.net", "name": "example.net.", "propagation_seconds": 60, "transfer_group": None, "dnssec": "any"}],
    "records": [
        {"id": "newsletter/click", "path": "links.newsletter.click_host", "name": "url4821.example.net.", "type": "CNAME", "match": "exact", "values": ["d111111abcdef8.cloudfront.net."],
         "ttl_seconds": None, "ttl": "exact", "served": "as-declared", "resolve": "address", "families": [4], "changed_at": None},
    ],
    "caa": [{"id": "newsletter/caa", "host": "url4821.example.net", "cas": ["amazon.com"]}],
    "endpoints": [
        {"id": "newsletter/edge", "path": "links.newsletter", "host": "url4821.example.net", "connect": None, "edge": "cloudfront", "sender": "sendgrid", "phase": "live", "http": "required",
         "https": "required", "families": [4], "tls": {"trust": "public", "min_days": 21}, "nonce": None, "hsts_parents": ["example.net"]},
    ],
    "pending": [{"id": "promo/edge", "reason": "known only after deployment"}],
    "previous": [{"record": "newsletter/click", "values": ["sendgrid.net."], "absent": False, "ttl_seconds": 300, "negative_ttl_seconds": 900, "changed_at": "2026-11-22T10:00:00Z"}],
}  # fmt: skip
LEAST = {
    "version": 1,
    "records": [{"id": "a", "name": "a.example.net", "type": "CNAME", "values": ["b.test."]}],
    "endpoints": [{"id": "e", "host": "a.example.net"}],
}


def test_the_whole_form_is_read_and_fits_its_schema(tmp_path):
    file = tmp_path / "expectations.json"
    file.write_text(json.dumps(WHOLE))
    expectations = load(file)
    assert expectations.records[0].values == ("d111111abcdef8.cloudfront.net.",)
    assert expectations.previous[0].changed_at == expectations.written_at
    jsonschema.validate(WHOLE, json_schema())
    assert parse(json.loads(expectations.model_dump_json())) == expectations


def test_the_rest_has_the_documented_defaults():
    expectations = parse(LEAST)
    record, endpoint = expectations.records[0], expectations.endpoints[0]
    assert (record.match, record.ttl_seconds, record.ttl, record.served, record.resolve, record.families) == (
        "exact",
        None,
        "exact",
        "as-declared",
        "address",
        (4,),
    )
    assert (endpoint.http, endpoint.https, endpoint.connect, endpoint.families) == ("required", "required", None, (4,))
    assert (endpoint.tls.trust, endpoint.tls.min_days) == ("public", 21)
    jsonschema.validate(LEAST, json_schema())


@pytest.mark.parametrize(
    ("given", "read"),
    [("D1.CloudFront.net.", "d1.cloudfront.net"), ("192.0.2.1", "192.0.2.1"), ("2001:DB8:0::1", "2001:db8::1")],
)
def test_an_endpoint_connects_to_a_name_or_an_address(given, read):
    assert parse(_with("endpoints", connect=given)).endpoints[0].connect == read


def test_names_are_compared_in_one_form():
    record = parse(
        {"version": 1, "records": [{"id": "a", "name": "_Acme.Example.NET", "type": "TXT", "values": ["x"]}]}
    ).records[0]
    assert record.name == "_acme.example.net."


def test_the_published_schema_is_current():
    assert json.loads(SCHEMA.read_text()) == json_schema(), "write json_schema() to schemas/expectations.schema.json"


def test_expectations_do_not_change():
    expectations = parse(LEAST)
    with pytest.raises(ValidationError):
        expectations.stack = "other"


def _with(part, **changes):
    return {**LEAST, part: [{**LEAST[part][0], **changes}]}


@pytest.mark.parametrize(
    ("tree", "place", "fix"),
    [
        (_with("records", value=["x"]), "records[0].value", "did you mean 'values'?"),
        ({**LEAST, "endpoint": []}, "endpoint", "did you mean 'endpoints'?"),
        (_with("records", type="SRV"), "records[0].type", ""),
        (_with("records", name="a..b"), "records[0].name", ""),
        (_with("records", name="a b"), "records[0].name", ""),
        (_with("records", values=[]), "records[0]", ""),
        (_with("records", changed_at="2026-11-22T10:00:00"), "records[0].changed_at", ""),
        (_with("records", ttl_seconds=-1), "records[0].ttl_seconds", ""),
        (_with("endpoints", host="-bad-.example"), "endpoints[0].host", ""),
        (_with("endpoints", connect="http://edge.test/"), "endpoints[0].connect", ""),
        (_with("endpoints", tls={"min_day": 3}), "endpoints[0].tls.min_day", "did you mean 'min_days'?"),
        ({**LEAST, "records": [{"id": "a"}]}, "records[0].name", "add it"),
        ({**LEAST, "zones": [{"id": "a", "name": "x."}]}, "", ""),
        ({**LEAST, "version": 2}, "version", "the same linkproof"),
        ({}, "version", ""),
        ([], "", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_a_fix(tree, place, fix):
    with pytest.raises(InvalidExpectationsError) as caught:
        parse(tree, place="file.json")
    assert caught.value.place.startswith("file.json")
    assert place in caught.value.place
    assert fix in caught.value.fix
    assert caught.value.fix
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("edge", "fix"), [("cloudfrnt", "did you mean 'cloudfront'?"), ("x", "that wrote it")])
def test_an_edge_that_nobody_knows_is_refused_with_those_that_are(edge, fix):
    with pytest.raises(
        InvalidExpectationsError, match=f"no edge '{edge}' is known here; there are cloudfront, "
    ) as caught:
        require_known_edges(parse(_with("endpoints", edge=edge)), "file.json")
    assert (caught.value.place, fix in caught.value.fix) == ("file.json: endpoints[0].edge", True)
    require_known_edges(parse(_with("endpoints", edge="managed")), "file.json")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"version": 1,\n "records": [}', ":2:14"),
        (b"\xff\xfe", ""),
        (b'{"version": 1, "version": 1}', ""),
        (b"[" * 100_000, ""),
        (b"", ":1:1"),
    ],
)
def test_a_file_that_is_not_json_is_said_with_its_line(tmp_path, content, place):
    file = tmp_path / "expectations.json"
    file.write_bytes(content)
    with pytest.raises(LinkproofError) as caught:
        load(file)
    assert f"{file}{place}" in caught.value.problem


def test_a_missing_file_names_the_command_that_writes_it(tmp_path):
    with pytest.raises(InvalidExpectationsError) as caught:
        load(tmp_path / "none.json")
    assert "linkproof expectations" in caught.value.fix


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3),
    max_leaves=8,
)


@given(_json)
def test_any_other_tree_is_refused_never_a_crash(tree):
    with pytest.raises(InvalidExpectationsError):
        parse({"version": 1, "records": [tree]})


def test_a_standby_without_a_place_to_ask_it_is_refused() -> None:
    endpoint = {"id": "a/standby", "host": "url1.example.net", "standby": True}
    with pytest.raises(InvalidExpectationsError, match="asked at `connect`"):
        parse({"version": 1, "endpoints": [endpoint]})
    (one,) = parse({"version": 1, "endpoints": [{**endpoint, "connect": "d1.cloudfront.net"}]}).endpoints
    assert one.standby
