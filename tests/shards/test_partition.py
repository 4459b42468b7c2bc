"""A shard is a share of the zones: together all, each thing once, on every machine the same."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkproof.expectations.model import parse
from linkproof.shards.partition import InvalidShardError, Shard, part_of

from tests.shards.results import stack

LISTS = ("zones", "records", "caa", "endpoints", "pending", "previous")
names = st.sampled_from(
    [
        "example.com.",
        "a.example.com.",
        "_dmarc.example.com.",
        "url.brand.example.",
        "t.sub.brand.example.",
        "x.co.uk.",
        "bare.",
    ]
)


@st.composite
def any_expectations(draw):
    zones = draw(st.lists(st.sampled_from(["example.com.", "brand.example.", "sub.brand.example."]), unique=True))
    records = [
        {"id": f"r{number}", "name": name, "type": "CNAME", "values": [draw(names)]}
        for number, name in enumerate(draw(st.lists(names, max_size=8)))
    ]
    endpoints = [
        {"id": f"e{number}", "host": name.rstrip(".")}
        for number, name in enumerate(draw(st.lists(names.filter(lambda name: "_" not in name), max_size=6)))
    ]
    return parse(
        {
            "version": 1,
            "zones": [{"id": f"zone/{name}", "name": name} for name in zones],
            "records": records,
            "endpoints": endpoints,
            "caa": [{**one, "id": f"caa/{one['id']}", "cas": ["x.example"]} for one in endpoints],
            "pending": [{"id": f"p{number}", "reason": "later"} for number in range(draw(st.integers(0, 4)))],
            "previous": [{"record": f"r{number}"} for number in range(draw(st.integers(0, 6)))],
        }
    )


@given(any_expectations(), st.integers(1, 7))
def test_nothing_is_lost_and_nothing_is_in_two_shards(expectations, total):
    parts = [part_of(expectations, Shard(number, total)) for number in range(1, total + 1)]
    for name in LISTS:
        whole = getattr(expectations, name)
        together = [item for part in parts for item in getattr(part, name)]
        assert sorted(map(repr, together)) == sorted(map(repr, whole))
    for part in parts:
        ids = {record.id for record in part.records}
        assert all(
            item.record in ids or item.record not in {r.id for r in expectations.records} for item in part.previous
        )


@given(any_expectations(), st.integers(2, 7))
def test_whatever_has_one_name_or_leads_to_it_is_in_one_shard(expectations, total):
    where = {}
    for number in range(1, total + 1):
        part = part_of(expectations, Shard(number, total))
        for name in [*(r.name for r in part.records), *(f"{e.host}." for e in (*part.endpoints, *part.caa))]:
            where.setdefault(name, set()).add(number)
    assert all(len(numbers) == 1 for numbers in where.values())
    for record in expectations.records:
        for value in record.values:
            if value in {r.name for r in expectations.records}:
                assert where[value] == where[record.name], f"{record.name} leads to {value}"


def test_the_shard_of_a_zone_is_what_the_documents_say():
    expectations = stack(zones=20, hosts=1)
    for number in range(1, 5):
        expected = {
            zone.name
            for zone in expectations.zones
            if int(hashlib.sha256(zone.name.encode()).hexdigest(), 16) % 4 == number - 1
        }
        part = part_of(expectations, Shard(number, 4))
        assert expected
        assert {zone.name for zone in part.zones} == expected
        assert {record.name.partition(".")[2] for record in part.records} == expected
        assert {f"{one.host.partition('.')[2]}." for one in part.endpoints} == expected


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "1.0/3", "a/b", "1/99999", "１/3"])
def test_what_is_no_shard_is_refused_with_the_form(text):
    with pytest.raises(InvalidShardError, match="shard") as refused:
        Shard.parse(text)
    assert "1/3" in refused.value.fix


def test_a_shard_is_read_as_it_is_written():
    assert str(Shard.parse(" 2/10 ")) == "2/10"
    assert part_of(stack(), Shard.parse("1/1")) == stack()
