"""A zone of octoDNS, as `octodns-dump` 1.22 writes it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkproof.contract.seen import SeenRecord, SeenZone
from linkproof.discover.octodns import read_octodns
from linkproof.discover.read import SourceFileError
from linkproof.errors import LinkproofError

DUMPED = """---
? ''
: - type: MX
    value:
      exchange: mail.example.net.
      preference: 10
  - type: TXT
    value: v=spf1 include:sendgrid.net\\; -all
'1234567':
  ttl: 300
  type: CNAME
  value: sendgrid.net.
'*.w':
  type: CNAME
  value: sendgrid.net.
m:
  type: A
  values:
  - 192.0.2.7
  - 192.0.2.8
shop:
  octodns:
    cloudflare:
      proxied: true
  ttl: 300
  type: CNAME
  value: sendgrid.net.
"""


def read(folder: Path, text: str, file: str = "example.net.yaml", name: str = "") -> SeenZone:
    (folder / file).write_text(text, encoding="utf-8")
    return read_octodns(folder / file, name)


def test_a_dumped_zone(tmp_path: Path) -> None:
    zone = read(tmp_path, DUMPED)
    assert (zone.name, zone.dns) == ("example.net", "cloudflare")
    assert zone.records == (
        SeenRecord("1234567.example.net", "sendgrid.net", 300),
        SeenRecord("*.w.example.net", "sendgrid.net", 3600),
        SeenRecord("shop.example.net", "sendgrid.net", 300, is_proxied=True),
    )


def test_the_name_of_the_zone_may_be_given(tmp_path: Path) -> None:
    assert (
        read(tmp_path, "a: {type: CNAME, value: b.}\n", "zone.yml", "example.org.").records[0].name == "a.example.org"
    )
    assert read(tmp_path, "").records == ()


def test_what_a_rule_routes_is_doubted(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "a: {type: CNAME, value: sendgrid.net., dynamic: {pools: {}}}\n").records
    assert record.doubt


def test_an_alias_is_a_reference_and_costs_nothing(tmp_path: Path) -> None:
    """octoDNS itself reads them; a record that stands twice is one node."""
    (one, two) = read(tmp_path, "a: &x {type: CNAME, value: sendgrid.net.}\nb: *x\n").records
    assert (one.name, two.name, two.target) == ("a.example.net", "b.example.net", "sendgrid.net")


@pytest.mark.parametrize(("text", "words"), [
    ("a: !include b.yaml\n", ":1: the record 'a' is no mapping"),
    ("- a\n", ":1: the file is no mapping"),
    ("a: {type: CNAME, value: b.}\nc: 1\n", ":2: the record 'c' is no mapping"),
    ("a: {type: CNAME, values: [b., c.]}\n", ":1: the CNAME of 'a' has not one value"),
    ("a: &x {type: CNAME, value: b.}\nc:\n  <<: *x\n", ":3: a merge key"),
    ("a: {\n", "not YAML"),
    ("a: *b\n", "not YAML"),
    ("[" * 5000, "not YAML"),
])  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceFileError, match=words) as error:
        read(tmp_path, text)
    assert error.value.fix


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["a", ": ", "{", "}", "[", "]", "type", "CNAME", "value", "\n", "  ", "- ", ", ", "'", "!x ", "&y ", "*y", "? ", "ttl: 1e9", "<<", "\x07"])))  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, words: list[str]) -> None:
    with contextlib.suppress(LinkproofError):
        read(tmp_path, "".join(words))
