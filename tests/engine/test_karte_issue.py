"""`linkproof karte issue`: a certificate from a real ACME server, proved in the declared zones, whatever goes wrong on the way.

pebble proves the protocol and the DNS. It neither looks at CAA nor refuses weak keys: those are refused here before it is asked.
"""

from __future__ import annotations

import json
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from linkproof.acm import CERTIFICATE
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.chains import key_pem, leaf, pem, rsa_key
from tests.engine.sandbox import Sandbox, until
from tests.karte.pebble import EAB_KEY, EAB_KID, Pebble

R53, CF = "Z0EXAMPLE0NET", "023e105f4ecef8ad9ca31a8372d0c353"
# the lab's zone that people write has its name for an id
HAND = "example.org"
STACK = "t"


@pytest.fixture(scope="module")
def lab(box: Sandbox) -> Sandbox:
    box.stack(STACK, declared({"t.example.net": None}))
    return box


@pytest.fixture(scope="module")
def pebble(lab: Sandbox) -> Iterator[Pebble]:
    with Pebble(lab.root / "pebble", resolver(lab), {"PEBBLE_ALTERNATE_ROOTS": "1"}) as ca:
        yield ca


def resolver(lab: Sandbox) -> str:
    return f"{lab.lab.resolver}:{lab.lab.dns_port}"


def declared(hosts: dict[str, Any]) -> dict[str, Any]:
    """Args:
    hosts: `certificate` by host.
    """
    zones = {"example.net": {"dns": "route53", "id": R53}, "example.com": {"dns": "cloudflare", "id": CF}}
    tracked = {
        host.replace(".", "-"): {"provider": "karte", "host": host, "state": "verifying"}
        | ({"certificate": certificate} if certificate else {})
        for host, certificate in hosts.items()
    }
    return {"zones": {**zones, "example.org": {"dns": "manual"}}, "tracking_hosts": tracked}


class Run:
    """One host, a folder for its files, and the CA."""

    def __init__(self, lab: Sandbox, ca: Pebble, host: str, root: int = 0, **certificate: Any) -> None:
        self.lab, self.ca, self.host = lab, ca, host
        self.out = lab.root / f"out-{host}"
        self.out.mkdir()
        self.trust = ca.trust(root=root)
        lab.declare(STACK, declared({host: {"source": "acme", "directory": ca.directory, **certificate}}))
        # what another test asked about must not be remembered
        with lab.control as control:
            control.flush_resolver()

    @property
    def arguments(self) -> list[str]:
        given = {"--host": self.host, "--ca": self.trust, "--out": self.out}
        return ["karte", "issue", STACK, "--agree-terms", *(str(one) for pair in given.items() for one in pair)]

    def __call__(self, *more: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = self.lab.linkproof(*self.arguments, *more, code=code)
        assert "PRIVATE KEY" not in done.stdout + done.stderr
        return done

    def files(self) -> dict[str, Path]:
        return {file.suffix: file for file in self.out.iterdir()}


def texts(lab: Sandbox, zone_id: str, name: str) -> list[str]:
    """What the zone serves at a name."""
    with lab.control as control:
        held = control.records(zone_id)["rrsets"]
    return [value for one in held if (one["name"], one["type"]) == (name, "TXT") for value in one["data"]]


@contextmanager
def aws(lab: Sandbox, service: str) -> Iterator[Any]:
    client = boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id="AKIDLABDEFAULT",
        aws_secret_access_key="lab",
        endpoint_url=lab.lab.api_url("vendors/aws"),
    )
    yield client
    client.close()


def route53(lab: Sandbox, name: str, kind: str, values: list[str]) -> None:
    records = [{"Value": value} for value in values]
    wanted = {"Name": name, "Type": kind, "TTL": 30, "ResourceRecords": records}
    changes = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
    with aws(lab, "route53") as client:
        client.change_resource_record_sets(HostedZoneId=R53, ChangeBatch=changes)


def cloudflare(lab: Sandbox, body: dict[str, Any]) -> None:
    import httpx

    url = f"{lab.lab.api_url('vendors/cloudflare')}/client/v4/zones/{CF}/dns_records"
    answer = httpx.post(url, json=body, headers={"Authorization": f"Bearer {CLOUDFLARE_TOKEN}"}, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_in_a_route53_zone_two_files_come_that_karte_takes_and_nothing_else_is_left(
    lab: Sandbox, pebble: Pebble
) -> None:
    run = Run(lab, pebble, "one.example.net")
    challenge = "_acme-challenge.one.example.net"
    route53(lab, challenge, "TXT", ['"somebody else\'s"'])
    done = run()
    assert "written: _acme-challenge.one.example.net TXT" in done.stderr
    assert "on renewal DNS and tag stay as they are" in done.stdout
    files = run.files()
    key = load_pem_private_key(files[".key"].read_bytes(), None)
    chain = x509.load_pem_x509_certificates(files[".crt"].read_bytes())
    assert files[".key"].read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)
    assert chain[0].public_key().public_numbers() == key.public_key().public_numbers()
    assert [len(chain), chain[0].issuer] == [2, chain[1].subject]
    assert stat.S_IMODE(files[".key"].stat().st_mode) == 0o600
    (account,) = (lab.root / ".linkproof" / STACK / "acme").iterdir()
    assert stat.S_IMODE(account.stat().st_mode) == 0o600
    assert texts(lab, R53, challenge) == ['"somebody else\'s"']

    refused = run(code=2)
    assert "give --renew" in refused.stderr
    before = {file: file.read_bytes() for file in run.out.iterdir()}
    not_due = json.loads(run("--renew", "--json").stdout)
    assert (not_due["issued"], not_due["key"]) == (False, str(files[".key"]))
    assert {file: file.read_bytes() for file in run.out.iterdir()} == before


def test_in_a_cloudflare_zone_and_along_a_cname_to_another_zone(lab: Sandbox, pebble: Pebble) -> None:
    direct = Run(lab, pebble, "two.example.com")
    cloudflare(lab, {"type": "TXT", "name": "_acme-challenge.two.example.com", "content": '"theirs"', "ttl": 60})
    direct()
    assert set(direct.files()) == {".crt", ".key"}
    assert texts(lab, CF, "_acme-challenge.two.example.com") == ['"theirs"']

    # a zone that nobody here may write leads to one that we may
    with lab.control as control:
        leading = {"name": "_acme-challenge.three.example.org", "type": "CNAME", "ttl": 60, "data": ["p.example.net."]}
        control.set_records(HAND, [leading])
    delegated = Run(lab, pebble, "three.example.org", challenge_zone="example.net")
    done = delegated()
    assert "written: p.example.net TXT" in done.stderr
    assert set(delegated.files()) == {".crt", ".key"}
    assert texts(lab, R53, "p.example.net") == []
    elsewhere = Run(lab, pebble, "four.example.org", challenge_zone="example.net")
    refused = elsewhere(code=2)
    assert (
        "_acme-challenge.four.example.org is in the zone example.org, and `challenge_zone` says example.net"
        in refused.stderr
    )


def test_in_a_zone_of_people_the_record_is_said_and_waited_for(lab: Sandbox, pebble: Pebble) -> None:
    run = Run(lab, pebble, "five.example.org")
    name = "_acme-challenge.five.example.org"
    nobody = run("--wait", "0s", code=2)
    assert f"write this record by hand now, beside whatever stands there: {name}. 60 TXT" in nobody.stderr
    assert "not every authoritative server has the text" in nobody.stderr
    with started(run, "--wait", "10m") as process:
        line = process.stderr.readline()
        text = line.split('"')[1]
        with lab.control as control:
            control.flush_resolver()
            control.set_records(HAND, [{"name": name, "type": "TXT", "ttl": 60, "data": [f'"{text}"']}])
        _, said = process.communicate(timeout=lab.timeout_seconds)
        assert process.returncode == 0, said
    assert "take the record away again" in said
    assert set(run.files()) == {".crt", ".key"}


def started(run: Run, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*run.lab.program, *run.arguments, *more],
        cwd=run.lab.root,
        env=run.lab.base,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_caa_that_forbids_is_seen_before_anything_is_ordered(lab: Sandbox, pebble: Pebble) -> None:
    run = Run(lab, pebble, "six.example.net")
    route53(lab, "six.example.net", "CAA", ['0 issue "other.test"'])
    refused = run(code=2)
    assert "CAA does not let this CA issue for six.example.net, so nothing was ordered" in refused.stderr
    assert 'add 0 issue "pebble.letsencrypt.org"' in refused.stderr
    assert "written:" not in refused.stderr
    route53(lab, "six.example.net", "CAA", ['0 issue "pebble.letsencrypt.org; accounturi=https://localhost/another"'])
    bound = run(code=None)
    assert "note: CAA of six.example.net: accounturi binds pebble.letsencrypt.org to the account" in bound.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_text_that_does_not_come_everywhere_is_taken_away_again_and_so_it_is_when_one_stops_waiting(
    lab: Sandbox, pebble: Pebble, how: signal.Signals
) -> None:
    run = Run(lab, pebble, f"seven-{how.value}.example.net")
    name = f"_acme-challenge.{run.host}"
    late = lab.lab.server_addresses("route53")[0]
    with lab.control as control:
        control.set_propagation(late, 3600)
    try:
        ended = run("--wait", "0s", code=2)
        assert "not every authoritative server has the text, so the CA was not asked to look" in ended.stderr
        assert f"({late}): TXT at {name}: none" in ended.stderr
        assert texts(lab, R53, name) == []
        with started(run) as process:
            until(lambda: texts(lab, R53, name) != [])
            process.send_signal(how)
            _, said = process.communicate(timeout=lab.timeout_seconds)
        assert process.returncode == 130, said
        assert texts(lab, R53, name) == []
        assert run.files() == {}
    finally:
        with lab.control as control:
            control.set_propagation(late, 0)


def test_a_renewal_when_it_is_due_and_the_one_of_the_cas_chains_that_browsers_take(
    lab: Sandbox, pebble: Pebble
) -> None:
    run = Run(lab, pebble, "eight.example.net", root=1)
    # the pair before, which is due: it stays as it is until KARTE has the new one
    before = {".crt": pem(leaf(key=rsa_key(), names=(run.host,), days=(-80, 10))), ".key": key_pem(rsa_key())}
    for suffix, data in before.items():
        (run.out / f"{run.host}-until-2020-01-01{suffix}").write_bytes(data)
    done = run("--renew")
    assert "note: the CA's own chain would be refused" in done.stdout
    assert {file.read_bytes() for file in run.out.glob("*2020-01-01*")} == set(before.values())
    (written,) = [file for file in run.out.glob("*.crt") if "2020" not in file.name]
    (root,) = x509.load_pem_x509_certificates(run.trust.read_bytes())[1:]
    last = x509.load_pem_x509_certificates(written.read_bytes())[-1]
    last.verify_directly_issued_by(root)


def test_what_the_ca_refuses_is_said_with_what_to_do(lab: Sandbox, tmp_path: Path) -> None:
    with Pebble(
        tmp_path / "bound", resolver(lab), externalAccountBindingRequired=True, externalAccountMACKeys={EAB_KID: EAB_KEY},
        domainBlocklist=["nine.example.net"],
    ) as ca:  # fmt: skip
        run = Run(lab, ca, "nine.example.net")
        alone = run(code=2)
        assert "it takes only those who have an account there already" in alone.stderr
        assert "--eab-kid and --eab-key" in alone.stderr
        key = tmp_path / "eab"
        key.write_text(f"{EAB_KEY}\n")
        blocked = run("--eab-kid", EAB_KID, "--eab-key", str(key), code=2)
        assert "the order for nine.example.net: refused (rejectedIdentifier)" in blocked.stderr
        assert "by its own rules" in blocked.stderr
        assert EAB_KEY not in blocked.stdout + blocked.stderr
        allowed = Run(lab, ca, "ten.example.net")
        allowed()  # the account is there by now
        assert set(allowed.files()) == {".crt", ".key"}
    with Pebble(tmp_path / "confused", resolver(lab), {"PEBBLE_WFE_NONCEREJECT": "100"}) as ca:
        confused = Run(lab, ca, "eleven.example.net")(code=2)
        assert "refused (badNonce)" in confused.stderr
        assert "its servers disagree among themselves" in confused.stderr
    gone = lab.linkproof("karte", "issue", STACK, code=2)
    assert "the CA cannot be reached" in gone.stderr


def test_an_exportable_certificate_of_acm_becomes_the_two_files(lab: Sandbox) -> None:
    host = "twelve.example.net"
    with aws(lab, "acm") as acm:
        wanted = {"DomainName": host, "ValidationMethod": "DNS", "Options": {"Export": "ENABLED"}}
        arn = acm.request_certificate(**wanted)["CertificateArn"]
        lab.declare(STACK, declared({host: {"source": "acm", "arn": arn}}))
        out = lab.root / "out-acm"
        out.mkdir()
        command = ["karte", "issue", STACK, "--out", str(out), "--ca", str(lab.lab.ca_file)]
        waits = lab.linkproof(*command, code=2)
        assert "is not issued: PENDING_VALIDATION" in waits.stderr
        (option,) = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
        assert option["ResourceRecord"]["Value"] in waits.stderr
        route53(lab, option["ResourceRecord"]["Name"], "CNAME", [option["ResourceRecord"]["Value"]])
        until(lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED")
    done = lab.linkproof(*command)
    assert "PRIVATE KEY" not in done.stdout + done.stderr
    files = {file.suffix: file for file in out.iterdir()}
    key = load_pem_private_key(files[".key"].read_bytes(), None)
    leaf, _ = x509.load_pem_x509_certificates(files[".crt"].read_bytes())
    assert leaf.public_key() == key.public_key()
    assert stat.S_IMODE(files[".key"].stat().st_mode) == 0o600
    assert json.loads(lab.linkproof(*command, "--renew", "--json").stdout)["issued"] is False


def test_a_certificate_that_the_stack_requests_is_proved_by_its_own_record_and_exported(lab: Sandbox) -> None:
    host = "thirteen.example.net"
    lab.declare(STACK, declared({host: {"source": "acm"}}))
    out = lab.root / "out-own"
    out.mkdir()
    command = ["karte", "issue", STACK, "--out", str(out), "--ca", str(lab.lab.ca_file)]
    early = lab.linkproof(*command, code=2)
    assert f"the certificate of {host} is declared and not requested yet" in early.stderr
    lab.up(STACK)
    (held,) = [one for one in lab.state(STACK)["deployment"]["resources"] if one["type"] == CERTIFICATE]
    assert (held["inputs"]["options"], held["inputs"]["keyAlgorithm"], held["protect"]) == (
        {"export": "ENABLED"},
        "RSA_2048",
        True,
    )
    with aws(lab, "acm") as acm:
        until(lambda: acm.describe_certificate(CertificateArn=held["id"])["Certificate"]["Status"] == "ISSUED")
    lab.linkproof(*command)
    leaf, _ = x509.load_pem_x509_certificates(next(out.glob("*.crt")).read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert names == [host]
    lab.linkproof("guard", STACK)
    lab.pulumi("preview", "--stack", STACK, "--expect-no-changes")
    lab.linkproof("expectations", STACK)
    code, report = lab.verify(STACK)
    assert code in (0, 1, 4), report
    assert not [one for one in report["findings"] if one["rule"].startswith("dns.")], report["findings"]
    # what was requested by another program of the account is taken over, and what cannot be exported is not
    lab.pulumi("state", "unprotect", "--all", "--yes", "--stack", STACK)
    urns = [
        one["urn"]
        for one in lab.state(STACK)["deployment"]["resources"]
        if one["urn"].endswith((f"::{host}", f"::{host}/validation"))
    ]
    for urn in sorted(urns, key=lambda one: CERTIFICATE in one):
        lab.pulumi("state", "delete", urn, "--target-dependents", "--yes", "--stack", STACK)
    with aws(lab, "acm") as acm:
        other = acm.request_certificate(DomainName=host, ValidationMethod="DNS")["CertificateArn"]
        until(lambda: acm.describe_certificate(CertificateArn=other)["Certificate"]["Status"] == "ISSUED")
    lab.linkproof("adopt", STACK)
    (again,) = [one for one in lab.state(STACK)["deployment"]["resources"] if one["type"] == CERTIFICATE]
    assert again["id"] == held["id"]
    lab.up(STACK)
    lab.pulumi("preview", "--stack", STACK, "--expect-no-changes")
