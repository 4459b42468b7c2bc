"""A zone file: what is read, and what is refused with its place."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkproof.contract.seen import SeenRecord, SeenZone
from linkproof.discover.read import SourceFileError
from linkproof.discover.zone_file import read_zone_file
from linkproof.errors import LinkproofError


def read(folder: Path, text: str | bytes, origin: str = "") -> SeenZone:
    file = folder / "zone"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_zone_file(file, origin)


SOA = "@ 3600 IN SOA ns1.example.net. host.example.net. 1 3600 900 604800 900\n"


def test_cnames_alone_with_their_own_ttl_and_case(tmp_path: Path) -> None:
    zone = read(
        tmp_path, f"$ORIGIN example.net.\n$TTL 1h\n{SOA}URL1 CNAME SendGrid.NET.\na 60 A 192.0.2.1\nb 60 IN CNAME c\n"
    )
    assert (zone.name, zone.dns) == ("example.net", "manual")
    assert zone.records == (
        SeenRecord("url1.example.net", "sendgrid.net", 3600),
        SeenRecord("b.example.net", "c.example.net", 60),
    )


def test_the_name_of_the_zone_may_be_given_or_stand_at_the_soa(tmp_path: Path) -> None:
    absolute = SOA.replace("@", "example.org.")
    assert read(tmp_path, f"{absolute}url1.example.org. 60 IN CNAME sendgrid.net.\n").name == "example.org"
    assert (
        read(tmp_path, f"{SOA}url1 60 IN CNAME sendgrid.net.\n", "Bücher.org").records[0].name
        == "url1.xn--bcher-kva.org"
    )
    with pytest.raises(SourceFileError, match="does not say which zone"):
        read(tmp_path, f"{SOA}url1 60 IN CNAME sendgrid.net.\n")


def test_an_export_of_cloudflare_says_what_is_proxied_and_who_serves_the_zone(tmp_path: Path) -> None:
    """Without the comment a proxied link would pass for a branded one."""
    zone = read(
        tmp_path,
        "$ORIGIN example.com.\nurl1 1 IN CNAME sendgrid.net. ; cf_tags=cf-proxied:true\nurl2 1 IN CNAME sendgrid.net. ; cf_tags=cf-proxied:false\n",
    )
    assert {record.name: record.is_proxied for record in zone.records} == {
        "url1.example.com": True,
        "url2.example.com": False,
    }
    assert zone.dns == "cloudflare"


@pytest.mark.parametrize(("text", "words"), [
    ("$ORIGIN example.net.\n$INCLUDE /etc/passwd\n", ":2: \\$INCLUDE is not read"),
    ("$ORIGIN example.net.\n$GENERATE 1-900000000 h$ CNAME sendgrid.net.\n", ":2: \\$GENERATE is not read"),
    ("$ORIGIN example.net.\nurl1 60 IN CNAME a. b.\n", ":3: no zone file"),
    ("$ORIGIN example.net.\nurl1 60 IN CNAME sendgrid.net.\nurl1 60 IN A 192.0.2.1\n", "no zone file"),
    ("$ORIGIN example.net.\nurl1 60 IN CNAME sendgrid.net.\nurl1 60 IN CNAME spgo.io.\n", "url1.example.net has two CNAMEs"),
    ("$ORIGIN .\n", "does not say which zone"),
    (b"$ORIGIN example.net.\n\xff\xfe", ":2: byte 0xff is not UTF-8"),
])  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(SourceFileError, match=words) as error:
        read(tmp_path, text)
    assert error.value.fix


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["$ORIGIN ", "example.net.", "@", " IN ", "CNAME", " ", "\n", '"', "(", ")", "\\", "\\300", ";", "SOA", "60", "*", "\x00", "ü", "$TTL"])))  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, words: list[str]) -> None:
    with contextlib.suppress(LinkproofError):
        read(tmp_path, "".join(words), "example.net")
