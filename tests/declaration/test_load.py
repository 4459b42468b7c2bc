"""Everything that is wrong is said at once, with its place, and no secret is ever printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from linkproof.declaration.load import DeclarationError, Loaded, load, load_text, require
from linkproof.declaration.model import Declaration, NoZoneError
from linkproof.errors import LinkproofError
from linkproof.names import HostName

MANY = """\
version: 2
zones:
  example.com: {dns: cloudfare, id: abc}
  example.net: {dns: route53}
  bücher.org: {dns: manual, caa: [{tag: issue, valu: x}]}
edges:
  aws: {provider: flare}
links:
  a: {sender: sendinblue, click_host: url1.example.net.example.net, owner_host: 1.example.net, edge: awz, phase: liev}
  b: {sender: sendgrid, click_host: example.net, owner_host: '*.x.org', edge: aws, phase: live}
  c: {sender: sendgrid, click_host: bücher.org, owner_host: 1.example.com, phase: ready}
  d: 3
lab: no
"""


def test_all_problems_of_a_file_are_reported_at_once() -> None:
    problems = load_text(MANY, "bad.yaml").problems
    assert [(p.rule, p.place.line, p.path) for p in problems] == [
        ("shape.value", 1, "version"),
        ("shape.value", 3, "zones.example.com.dns"),
        ("zones.id-missing", 4, "zones.example.net"),
        ("shape.missing-key", 5, "zones.bücher.org.caa.0"),
        ("shape.unknown-key", 5, "zones.bücher.org.caa.0.valu"),
        ("edge.not-known", 7, "edges.aws.provider"),
        ("sender.not-known", 9, "links.a.sender"),
        ("names.double-suffix", 9, "links.a.click_host"),
        ("edge.unknown", 9, "links.a.edge"),
        ("shape.value", 9, "links.a.phase"),
        ("dns.cname-at-apex", 10, "links.b.click_host"),
        ("names.wildcard", 10, "links.b.owner_host"),
        ("dns.cname-at-apex", 11, "links.c.click_host"),
        ("link.owner-host-domain", 11, "links.c.owner_host"),
        ("link.phase-needs-edge", 11, "links.c.phase"),
        ("shape.value", 12, "links.d"),
        ("shape.value", 13, "lab"),
    ]


def test_a_lost_zone_or_edge_does_not_make_its_users_wrong(edited: Callable[..., Loaded]) -> None:
    for edits, lost in (
        ({"dns: cloudflare": "dns: cloudfare"}, "shape.value"),
        ({"provider: cloudflare": "provider: flare"}, "edge.not-known"),
    ):
        assert [problem.rule for problem in edited(edits).problems] == [lost]
    assert [problem.rule for problem in edited({"provider: cloudfront": "provider: *x"}).problems] == ["yaml.alias"]


def test_the_rendered_form_is_place_path_message_fix_and_rule(edited: Callable[..., Loaded]) -> None:
    (problem,) = edited({"click_host: url1": "click_host: ür*l1"}).problems
    assert str(problem) == (
        "stacks/t.yaml:10:27: links.one.click_host: 'ür*l1.example.net' is a wildcard; senders, certificates and KARTE need "
        "one exact host; fix: write the exact host name [names.wildcard]"
    )
    assert json.loads(json.dumps(problem.to_json()))["line"] == 10


def test_an_idn_is_shown_in_both_forms(edited: Callable[..., Loaded]) -> None:
    (problem,) = edited(
        {"owner_host: 1.example.org": "owner_host: 1.bücher.org", "edges:": "  bücher.org: {dns: manual}\nedges:"}
    ).problems
    assert "1.xn--bcher-kva.org (1.bücher.org)" in problem.message


def test_unknown_words_get_the_nearest_known_one(edited: Callable[..., Loaded]) -> None:
    (key,) = edited({"host: t.example.com": "hots: t.example.com, host: t.example.com"}).problems
    (word,) = edited({"edge: aws, phase: live": "edge: aws, phase: securd"}).problems
    (edge,) = [p for p in edited({"edge: aws": "edge: awss"}).problems if p.is_error]
    assert (key.fix, word.fix, edge.fix) == ("did you mean 'host'?", "did you mean 'secured'?", "did you mean 'aws'?")


SECRETS = {
    "sendgrid": "SG." + "aB3dE5gH7jK9mN1pQ3sT5v." + "X" * 43,
    "aws": "AKIA" + "ABCDEFGHIJ234567",
    "github": "ghp_" + "a1B2" * 9,
    "pulumi": "pul-" + "0a1b" * 10,
    "cloudflare": "aBcD1234_-" * 4,
    "bearer": "Bearer abcdefghijklmnop",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "line",
    ["lab: '{}'", "'{}': 1", "zones: {{example.com: {{dns: cloudflare, id: '{}'}}}}", "zones: {{'{}': {{dns: x}}}}", "links: {{a: {{edge: '{}'}}}}",
     "# {}", "lab: true # {}", "edges: {{a: ['{}']}}", "verify: {{resolvers: ['{}']}}", "tracking_hosts: {{k: {{host: '{}'}}}}"],
)  # fmt: skip
def test_a_secret_anywhere_is_refused_and_never_printed(secret: str, line: str) -> None:
    loaded = load_text(f"version: 1\n{line.format(secret)}\n", "x.yaml")
    assert loaded.declaration is None
    assert ("secrets.value", 2) in {(p.rule, p.place.line) for p in loaded.problems}
    told = str([str(p) for p in loaded.problems]) + json.dumps([p.to_json() for p in loaded.problems])
    assert secret not in told
    assert secret[:12] not in told


def test_ids_and_hosts_are_no_secrets(base: str) -> None:
    long_host = "a1" * 30 + ".example.net"
    assert (
        load_text(
            base.replace("url3.example.org", f"{'a1' * 20}.example.org") + f"# {long_host} arn:aws:acm:us-east-1:1\n",
            "x",
        ).problems
        == ()
    )


def test_an_escaped_secret_is_found_too() -> None:
    loaded = load_text('version: 1\nlab: "\\x53G.aB3dE5gH7jK9mN1pQ3sT5v.XXXXXXXXXX"\n', "x.yaml")
    assert [problem.rule for problem in loaded.errors] == ["secrets.value"]


def test_warnings_alone_leave_a_declaration(edited: Callable[..., Loaded]) -> None:
    loaded = edited({"links:": "  spare: {provider: cloudfront}\nlinks:"})
    assert [problem.severity for problem in loaded.problems] == ["warning"]
    assert loaded.errors == ()
    assert loaded.declaration is not None


def test_a_file_that_cannot_be_read_is_a_problem_and_not_an_exception(tmp_path: Path) -> None:
    assert [p.rule for p in load(tmp_path / "none.yaml").problems] == ["file.unreadable"]
    assert [p.rule for p in load(tmp_path).problems] == ["file.unreadable"]
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    (problem,) = load(big).problems
    assert problem.rule == "yaml.size"
    assert "52,428,800" in problem.message


def test_require_gives_the_declaration_or_all_problems(tmp_path: Path, base: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(base)
    assert require(file).links["one"].click_host == HostName("url1.example.net")
    file.write_text(MANY)
    with pytest.raises(DeclarationError) as raised:
        require(file)
    assert isinstance(raised.value, LinkproofError)
    assert raised.value.exit_code == 2
    assert len(raised.value.problems) == 17
    assert f"{file}:9:7" in str(raised.value)


# the model ------------------------------------------------------------------------------------
def _declaration(text: str) -> Declaration:
    loaded = load_text(text, "t.yaml")
    assert loaded.declaration is not None, loaded.problems
    return loaded.declaration


def test_a_host_belongs_to_the_longest_zone_by_whole_labels(base: str) -> None:
    nested = base.replace("edges:", "  mail.example.net: {dns: manual}\nedges:").replace(
        "url1.example.net", "url1.mail.example.net"
    )
    declaration = _declaration(nested)
    assert declaration.zone_of(HostName("url1.mail.example.net")).key == "mail.example.net"
    assert declaration.zone_of(HostName("mail.example.net")).key == "mail.example.net"
    assert declaration.zone_of(HostName("xmail.example.net")).key == "example.net"
    with pytest.raises(NoZoneError):
        declaration.zone_of(HostName("badexample.net"))


def test_defaults_and_types_of_the_model(base: str) -> None:
    declaration = _declaration(base + "verify: {resolvers: [9.9.9.9], dns_port: 5300}\n")
    assert {zone.key: zone.propagation_seconds for zone in declaration.zones.values()} == {
        "example.com": 30,
        "example.net": 60,
        "example.org": 300,
    }
    link = declaration.links["one"]
    assert (link.ttl_seconds, link.families, link.path) == (300, (4,), "links.one")
    assert (link.sender.provider, link.sender.region, link.sender.account) == ("sendgrid", "us", "default")
    assert declaration.edge_of(link) == declaration.edges["aws"]
    assert declaration.verify.dns_port == 5300
    assert declaration.place("links.one.ttl_seconds") == declaration.places["links.one"]


def test_a_declaration_cannot_be_changed(base: str) -> None:
    declaration = _declaration(base)
    with pytest.raises(FrozenInstanceError):
        declaration.lab = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        declaration.links["x"] = declaration.links["one"]  # type: ignore[index]


def test_an_idn_zone_is_kept_by_its_name_on_the_wire_and_placed_as_written(base: str) -> None:
    declaration = _declaration(base.replace("example.org", "bücher.org"))
    assert declaration.zones["xn--bcher-kva.org"].path == "zones.bücher.org"
    assert declaration.places["zones.bücher.org"].line == 5
    assert declaration.links["three"].click_host.text == "url3.xn--bcher-kva.org"


def test_a_zone_id_keeps_its_leading_zeros(edited: Callable[..., Loaded]) -> None:
    digits = "0" * 20 + "123456789012"
    loaded = edited({"023e105f4ecef8ad9ca31a8372d0c353": digits})
    assert loaded.declaration is not None
    assert loaded.declaration.zones["example.com"].id == digits


def test_a_flood_of_mistakes_is_cut_and_says_so() -> None:
    links = "".join(f"  l{n}: {{sender: sendgird, click_hots: u{n}}}\n" for n in range(3000))
    problems = load_text(f"version: 1\nlinks:\n{links}", "x.yaml").problems
    assert len(problems) == 2001
    assert problems[-1].rule == "yaml.problems"


def test_among_thousands_of_edges_the_nearest_is_still_suggested() -> None:
    edges = "".join(f"  edge{n}: {{provider: cloudfront}}\n" for n in range(1000))
    link = (
        "  a: {sender: sendgrid, click_host: u.example.org, owner_host: 1.example.org, edge: edeg77, phase: branded}\n"
    )
    text = f"version: 1\nzones: {{example.org: {{dns: manual}}}}\nedges:\n{edges}links:\n{link}"
    (problem,) = [p for p in load_text(text, "x.yaml").problems if p.is_error]
    assert problem.fix.startswith("did you mean 'edge")
