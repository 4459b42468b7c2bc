"""`linkproof init STACK`: from what exists to a declaration that `check` takes, and nothing guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from linkproof.declaration.load import load

from tests.commands.cli import linkproof, refused

ZONE = """$ORIGIN example.net.
$TTL 300
@ IN SOA ns1 host 1 3600 900 604800 900
@ IN NS ns1
ns1 IN A 192.0.2.1
url4821 IN CNAME sendgrid.net.
1234567 IN CNAME sendgrid.net.
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nruntime: python\n")
    (tmp_path / "example.net.zone").write_text(ZONE)
    return tmp_path


def test_a_branded_link_of_a_zone_file_becomes_an_entry_that_check_takes(place: Path) -> None:
    done = linkproof("init", "prod", "--zone-file", "example.net.zone", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    loaded = load(place / "stacks" / "prod.yaml")
    assert loaded.problems == ()
    assert loaded.declaration is not None
    (link,) = loaded.declaration.links.values()
    assert (link.key, link.sender.provider, link.phase, link.edge) == ("url4821", "sendgrid", "branded", None)
    assert (str(link.click_host), str(link.owner_host)) == ("url4821.example.net", "1234567.example.net")
    (zone,) = loaded.declaration.zones.values()
    assert (zone.key, zone.dns) == ("example.net", "manual")
    checked = linkproof("check", "prod", cwd=place)
    assert (checked.returncode, "0 errors, 0 warnings" in checked.stdout) == (0, True)


def test_a_second_run_changes_nothing(place: Path) -> None:
    (place / "example.net.zone").write_text(ZONE + "promo IN CNAME d1.cloudfront.net.\n")
    assert linkproof("init", "prod", "--zone-file", "example.net.zone", cwd=place).returncode == 0
    before = (place / "stacks" / "prod.yaml").read_bytes()
    assert b"promo" in before
    done = linkproof("init", "prod", "--zone-file", "example.net.zone", "--json", cwd=place)
    assert json.loads(done.stdout)["written"] == []
    assert (place / "stacks" / "prod.yaml").read_bytes() == before


def test_nothing_is_written_where_one_source_fails(place: Path) -> None:
    said = refused("init", "prod", "--zone-file", "example.net.zone", "--zone-file", "absent.zone", cwd=place)
    assert "absent.zone: cannot be read" in said
    assert {file.name for file in place.iterdir()} == {"Pulumi.yaml", "example.net.zone"}


@pytest.mark.parametrize(("arguments", "words"), [
    (["prod"], "nothing is given to look at"),
    (["prod", "--empty", "url1.example.net"], "--empty looks nothing up"),
    (["../prod", "--empty"], "is no name of a stack"),
    (["prod", "not a host"], "is not a host name"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(place: Path, arguments: list[str], words: str) -> None:
    assert words in refused("init", *arguments, cwd=place)
    assert not (place / "stacks").exists()


def test_empty_writes_two_files_and_never_over_one(place: Path) -> None:
    done = linkproof("init", "prod", "--empty", "--json", cwd=place)
    assert json.loads(done.stdout)["written"] == ["stacks/prod.yaml", "Pulumi.prod.yaml"]
    assert "exist" in refused("init", "prod", "--empty", cwd=place)
