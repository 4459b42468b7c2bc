"""`certificate` of a tracking host: where `linkproof karte issue` has it from."""

from __future__ import annotations

import pytest
from linkproof.declaration.fingerprint import fingerprint
from linkproof.declaration.load import load_text
from linkproof.plan.build import build

from tests.declaration.conftest import BASE

DIRECTORY = "https://acme.test/v2/directory"
PLAIN = "{provider: karte, host: t.example.com}"


def loaded(certificate: str, base: str = BASE):
    entry = f"{{provider: karte, host: t.example.com, certificate: {certificate}}}"
    return load_text(base.replace(PLAIN, entry).encode(), "prod.yaml")


def test_who_makes_it_is_said_and_nothing_that_must_exist_changes():
    found = loaded(f"{{source: acme, directory: {DIRECTORY}, contact: ops@example.com}}")
    assert found.problems == ()
    assert found.declaration is not None
    (host,) = build(found.declaration).hosts
    assert "made by `linkproof karte issue` at acme.test, uploaded in KARTE's admin page by hand" in host.certificate
    plain = load_text(BASE.encode(), "prod.yaml").declaration
    assert plain is not None
    assert "karte issue" not in build(plain).hosts[0].certificate
    assert fingerprint(found.declaration) == fingerprint(plain)


@pytest.mark.parametrize(
    ("certificate", "path", "said"),
    [
        ("{source: acme}", "tracking_hosts.karte.certificate", "the key 'directory' is missing"),
        (f"{{source: files, directory: {DIRECTORY}}}", "tracking_hosts.karte.certificate.source", "expected acme"),
        ("{source: acme, directory: 'http://acme.test/d'}", "tracking_hosts.karte.certificate.directory", "https:// URL"),
        (f"{{source: acme, directory: {DIRECTORY}, contact: 'mailto:a@b.c,d@e.f'}}", "tracking_hosts.karte.certificate.contact", "one mail address"),
        (f"{{source: acme, directory: {DIRECTORY}, key: x}}", "tracking_hosts.karte.certificate.key", "unknown key 'key'"),
    ],
)  # fmt: skip
def test_what_is_wrong_there_is_said_at_its_place(certificate, path, said):
    (problem,) = loaded(certificate).problems
    assert (problem.path, problem.place.line) == (path, 14)
    assert said in problem.message


def test_a_zone_for_the_challenge_alone_is_no_zone_without_use():
    zones = BASE.replace("zones:\n", "zones:\n  acme.example.info: {dns: route53, id: Z0EXAMPLE9}\n")
    entry = f"source: acme, directory: {DIRECTORY}"
    (unused,) = loaded(f"{{{entry}}}", zones).problems
    assert unused.rule == "zones.unused"
    assert loaded(f"{{{entry}, challenge_zone: ACME.example.info.}}", zones).problems == ()
