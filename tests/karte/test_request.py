"""`linkproof karte csr`, and both commands as a person runs them."""

from __future__ import annotations

import json
import stat
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.chains import pem
from tests.commands.cli import environment, linkproof, program_of, refused
from tests.karte.conftest import HOST


def test_a_key_for_its_owner_alone_and_a_request_for_the_one_host(tmp_path):
    done = linkproof("karte", "csr", "T.example.com", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    key, request = (tmp_path / f"{HOST}.{end}" for end in ("key", "csr"))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert not any(line in done.stdout for line in key.read_text().splitlines()[1:])
    private, asked = load_pem_private_key(key.read_bytes(), None), x509.load_pem_x509_csr(request.read_bytes())
    assert (private.key_size, private.public_key()) == (2048, asked.public_key())
    assert asked.is_signature_valid
    names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [HOST]
    before = key.read_bytes()
    request.unlink()
    assert "is there already" in refused("karte", "csr", HOST, cwd=tmp_path)
    assert key.read_bytes() == before
    assert not request.exists()


def test_a_wildcard_and_a_name_of_one_label_are_refused(tmp_path):
    assert "no wildcard" in refused("karte", "csr", "*.example.com", cwd=tmp_path)
    assert "one label" in refused("karte", "csr", "localhost", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_name_longer_than_a_common_name_may_be(tmp_path):
    host = f"t.{'a' * 63}.example.com"
    assert linkproof("karte", "csr", host, cwd=tmp_path).returncode == 0
    asked = x509.load_pem_x509_csr((tmp_path / f"{host}.csr").read_bytes())
    assert len(asked.subject) == 0
    assert asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).critical


def test_the_bundle_as_a_person_makes_it(files):
    sources = files.sources()
    given = ("--cert", str(sources.certificates[0]), "--ca", str(sources.ca), "--out", "out")
    done = linkproof("karte", "bundle", HOST, *given, "--key", str(sources.key), "--json", cwd=files.folder)
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(said) == {"version", "host", "certificate", "key", "not_after", "reminder", "last_day_to_act", "notes"}
    files.file("key.pem", pem(files.anchor))
    assert "RSA" not in done.stdout.replace("RSA 2048", "")
    assert "instead of a private key" in refused("karte", "bundle", HOST, *given, "--key", "key.pem", cwd=files.folder)


def test_a_key_out_of_a_store_of_secrets_comes_by_standard_input(files):
    sources = files.sources()
    given = ("--cert", str(sources.certificates[0]), "--ca", str(sources.ca), "--out", "out", "--key", "-")
    done = subprocess.run(
        program_of("karte", "bundle", HOST, *given), cwd=files.folder, env=environment(), input=files.key, timeout=120,
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "on renewal DNS and tag stay as they are" in done.stdout.decode()
    assert len(list(files.out.glob("*.key"))) == 1
