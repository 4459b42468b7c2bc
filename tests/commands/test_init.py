"""`linkproof init STACK`: from what exists to a declaration that `check` takes, and nothing guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from linkproof.declaration.load import load

from tests.commands.cli import linkproof, refused
from tests.discover.state import aws_record, aws_zone, distribution, state
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer
from tests.verify.world import World

D1 = "d111111abcdef8.cloudfront.net"

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
    done = linkproof("init", "prod", "--offline", "--zone-file", "example.net.zone", cwd=place)
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


def test_a_saved_answer_of_the_sender_tells_which_link_an_edge_hides(place: Path) -> None:
    (place / "example.net.zone").write_text(ZONE.replace("url4821 IN CNAME sendgrid.net.", f"url4821 IN CNAME {D1}."))
    records = {"owner_cname": {"type": "cname", "host": "1234567.example.net", "data": "sendgrid.net"}}
    answer = {"domain": "example.net", "subdomain": "url4821", "user_id": 1234567, "valid": True, "dns": records}
    (place / "links.json").write_text(json.dumps([answer]))
    sources = ("--zone-file", "example.net.zone", "--sender-answer", "sendgrid=links.json")
    assert linkproof("init", "prod", "--offline", *sources, cwd=place).returncode == 0
    loaded = load(place / "stacks" / "prod.yaml")
    assert not loaded.errors
    assert loaded.declaration is not None
    (link,) = loaded.declaration.links.values()
    assert (link.sender.provider, link.phase, str(link.owner_host)) == ("sendgrid", "live", "1234567.example.net")
    assert "names no file" in refused("init", "test", "--sender-answer", "sendgrid", cwd=place)


def test_a_second_run_changes_nothing(place: Path) -> None:
    (place / "example.net.zone").write_text(ZONE + "promo IN CNAME d1.cloudfront.net.\n")
    assert linkproof("init", "prod", "--offline", "--zone-file", "example.net.zone", cwd=place).returncode == 0
    before = (place / "stacks" / "prod.yaml").read_bytes()
    assert b"promo" in before
    done = linkproof("init", "prod", "--offline", "--zone-file", "example.net.zone", "--json", cwd=place)
    assert json.loads(done.stdout)["written"] == []
    assert (place / "stacks" / "prod.yaml").read_bytes() == before


def test_nothing_is_written_where_one_source_fails(place: Path) -> None:
    said = refused(
        "init", "prod", "--offline", "--zone-file", "example.net.zone", "--zone-file", "absent.zone", cwd=place
    )
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


STATE = state(
    aws_zone(),
    aws_record("url1.example.net", D1),
    aws_record("1234567.example.net", "sendgrid.net"),
    distribution(D1, "url1.example.net"),
)


def test_what_exists_can_be_verified_before_anything_is_deployed(place: Path) -> None:
    (place / "state.json").write_text(json.dumps(STATE))
    done = linkproof("init", "prod", "--offline", "--terraform", "state.json", "--json", cwd=place)
    answer = json.loads(done.stdout)
    assert answer["written"] == ["stacks/prod.yaml", "Pulumi.prod.yaml", ".linkproof/prod/expectations.json"]
    assert answer["errors"] == []
    expectations = place / ".linkproof" / "prod" / "expectations.json"
    document = json.loads(expectations.read_text())
    assert {tuple(record["values"]) for record in document["records"]} == {(f"{D1}.",), ("sendgrid.net.",)}
    everything = "".join(file.read_text() for file in place.rglob("*") if file.is_file() and file.name != "state.json")
    assert "hush" not in everything + done.stdout, "a secret of the state"
    # another run that knows of other hosts alone keeps what this one knew
    (place / "example.org.zone").write_text(
        ZONE.replace("example.net", "example.org")
        .replace("@ IN", "example.org. IN")
        .replace("$TTL", "$ORIGIN example.org.\n$TTL")
    )
    assert linkproof("init", "prod", "--offline", "--zone-file", "example.org.zone", cwd=place).returncode == 0
    document = json.loads(expectations.read_text())
    assert [f"{D1}."] in [record["values"] for record in document["records"]]
    assert len(document["records"]) == 4
    # what a deployment wrote is the past, and stays
    document["pending"] = []
    expectations.write_text(json.dumps(document))
    (place / "example.net.zone").write_text(ZONE)
    again = linkproof("init", "prod", "--offline", "--zone-file", "example.net.zone", "--json", cwd=place)
    assert json.loads(again.stdout)["written"] == ["stacks/prod.yaml"]
    assert json.loads(expectations.read_text()) == document


def test_what_is_left_open_is_an_error_of_check_and_nothing_is_to_be_verified(place: Path) -> None:
    (place / "example.net.zone").write_text(ZONE.replace("1234567", "www"))
    done = linkproof("init", "prod", "--offline", "--zone-file", "example.net.zone", cwd=place)
    assert "2 errors of `linkproof check prod`" in done.stdout
    assert not (place / ".linkproof").exists()
    assert "link.owner-host-missing" in linkproof("check", "prod", cwd=place).stdout


def test_an_existing_file_keeps_its_bytes(place: Path) -> None:
    before = b"version: 1\r\nzones:  # ours\r\n    example.org:   {dns: manual}\r\n\r\n# the end\r\n"
    (place / "stacks").mkdir()
    (place / "stacks" / "prod.yaml").write_bytes(before)
    assert linkproof("init", "prod", "--offline", "--zone-file", "example.net.zone", cwd=place).returncode == 0
    after = (place / "stacks" / "prod.yaml").read_bytes()
    lines = iter(after.splitlines(keepends=True))
    assert all(line in lines for line in before.splitlines(keepends=True))
    assert after.count(b"\n") == after.count(b"\r\n")
    assert load(place / "stacks" / "prod.yaml").errors == ()


@pytest.mark.parametrize("text", ["version: 1\nlinks: {}\n", "version: 1\nzones: &a\n  example.org: {dns: manual}\n"])
def test_a_file_that_cannot_be_added_to_is_left_alone(place: Path, text: str) -> None:
    (place / "stacks").mkdir()
    (place / "stacks" / "prod.yaml").write_text(text)
    assert "stacks/prod.yaml:2" in refused("init", "prod", "--offline", "--zone-file", "example.net.zone", cwd=place)
    assert (place / "stacks" / "prod.yaml").read_text() == text
    assert not (place / "Pulumi.prod.yaml").exists()


@pytest.mark.parametrize(("api", "words"), [
    ("cloudflair", "did you mean 'cloudflare'?"),
    ("manual", "no API of a DNS host has this name"),
    ("route53=unknown", "account 'unknown' is not in config"),
])  # fmt: skip
def test_an_api_or_account_that_is_not_known_is_said(place: Path, api: str, words: str) -> None:
    assert words in refused("init", "prod", "--offline", "--dns", api, cwd=place)


def test_octodns_and_a_zone_file_together(place: Path) -> None:
    (place / "example.org.yaml").write_text(
        "url2: {type: CNAME, value: sendgrid.net.}\n'7': {type: CNAME, value: sendgrid.net.}\n"
    )
    done = linkproof(
        "init", "prod", "--offline", "--octodns", "example.org.yaml", "--zone-file", "example.net.zone", cwd=place
    )
    assert "  links: url2, url4821" in done.stdout
    assert load(place / "stacks" / "prod.yaml").errors == ()


def test_a_host_is_looked_at_from_outside_and_what_shows_is_declared(place: Path) -> None:
    """The record leads to a name that nobody knows; the edge and the sender say themselves who they are."""
    authority = Authority(place)
    with World(place) as world:
        Edge(world, authority.context("url.example.test"), https=answer(), http=answer())
        (place / "stacks").mkdir()
        (place / "stacks" / "prod.yaml").write_text(
            f"version: 1\nverify: {{hints: root.hints, dns_port: {world.port}, http_port: {world.http_port}, "
            f"https_port: {world.https_port}, ca: {authority.file.relative_to(place)}}}\n"
        )
        (place / "Pulumi.prod.yaml").write_text("config: {}\n")
        done = linkproof("init", "prod", "url.example.test", "--zone", "example.test", cwd=place)
    assert done.returncode == 0, done.stderr
    text = (place / "stacks" / "prod.yaml").read_text()
    entry = text[text.index("links:") :]
    assert "sender: sendgrid" in entry
    assert "edge: cloudfront" in entry
    assert "phase: live" in entry
    assert "owner_host" not in [line.strip().partition(":")[0] for line in entry.splitlines() if "#" not in line]
    assert "left out, because nothing told it: owner_host" in entry
    assert "the edge hides it" in entry
    assert linkproof("check", "prod", cwd=place).returncode == 2
