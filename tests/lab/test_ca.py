"""The lab's authority, judged by OpenSSL and by `cryptography`'s own verifier."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import DNSName
from cryptography.x509.verification import PolicyBuilder, VerificationError
from cryptography.x509.verification import Store as TrustStore
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings

HOST = "url4821.example.net"


def verify(settings: LabSettings, issued: ca.IssuedCertificate, host: str, chain: str | None = None) -> None:
    root = x509.load_pem_x509_certificate(settings.ca_file.read_bytes())
    chain_pem = issued.chain_pem if chain is None else chain
    intermediates = x509.load_pem_x509_certificates(chain_pem.encode()) if chain_pem else []
    verifier = PolicyBuilder().store(TrustStore([root])).build_server_verifier(DNSName(host))
    verifier.verify(x509.load_pem_x509_certificate(issued.cert_pem.encode()), intermediates)


def test_an_issued_certificate_leads_to_the_root_through_its_chain(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path / "lab")
    issued = ca.issue(settings, [HOST, "*.example.org"])
    verify(settings, issued, HOST)
    verify(settings, issued, "anything.example.org")


def test_without_the_intermediate_it_is_not_trusted(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    issued = ca.issue(settings, [HOST], key="ec256")
    with pytest.raises(VerificationError):
        verify(settings, issued, HOST, chain="")


def test_it_is_for_its_own_names_only(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    issued = ca.issue(settings, [HOST], key="ec256")
    with pytest.raises(VerificationError):
        verify(settings, issued, "other.example.net")


def test_the_key_is_of_the_kind_asked_for_and_belongs_to_the_certificate(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    for kind, key_class, size in (("rsa2048", rsa.RSAPrivateKey, 2048), ("ec256", ec.EllipticCurvePrivateKey, 256)):
        issued = ca.issue(settings, [HOST], key=kind)
        key = load_pem_private_key(issued.key_pem.encode(), password=None)
        assert isinstance(key, key_class)
        assert key.key_size == size
        assert key.public_key() == x509.load_pem_x509_certificate(issued.cert_pem.encode()).public_key()


def test_the_dates_are_as_asked(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    before = datetime.now(UTC).replace(microsecond=0)
    issued = ca.issue(settings, [HOST], days=10, key="ec256")
    assert before + timedelta(days=10) <= issued.not_after <= datetime.now(UTC) + timedelta(days=10)
    cert = x509.load_pem_x509_certificate(issued.cert_pem.encode())
    assert cert.not_valid_after_utc == issued.not_after
    assert cert.not_valid_before_utc < before

    begin, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
    expired = ca.issue(settings, [HOST], key="ec256", not_before=begin, not_after=end)
    cert = x509.load_pem_x509_certificate(expired.cert_pem.encode())
    assert (cert.not_valid_before_utc, cert.not_valid_after_utc) == (begin, end)
    with pytest.raises(VerificationError):
        verify(settings, expired, HOST)


def test_an_end_in_the_past_alone_still_makes_a_certificate(tmp_path: Path) -> None:
    end = datetime(2024, 3, 1, tzinfo=UTC)
    issued = ca.issue(LabSettings(tmp_path), [HOST], key="ec256", not_after=end)
    assert x509.load_pem_x509_certificate(issued.cert_pem.encode()).not_valid_before_utc < end


def test_a_name_too_long_for_a_common_name_is_issued_all_the_same(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    host = f"{'a' * 60}.{'b' * 60}.example.net"
    verify(settings, ca.issue(settings, [host], key="ec256"), host)


def test_the_authority_is_made_once_and_its_keys_are_private(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    ca.ensure(settings)
    files = {file: file.read_bytes() for file in tmp_path.iterdir()}
    issued = ca.issue(settings, [HOST], key="ec256")
    ca.ensure(settings)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == files
    verify(settings, issued, HOST)
    keys = [file for file, text in files.items() if b"PRIVATE KEY" in text]
    assert settings.ca_key_file in keys
    assert [stat.S_IMODE(file.stat().st_mode) for file in keys] == [0o600] * len(keys)
    assert b"PRIVATE" not in settings.ca_file.read_bytes()


def test_an_intermediate_that_was_lost_is_made_anew_under_the_same_root(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    ca.ensure(settings)
    root = settings.ca_file.read_bytes()
    (tmp_path / "ca-intermediate.pem").unlink()
    verify(settings, ca.issue(settings, [HOST], key="ec256"), HOST)
    assert settings.ca_file.read_bytes() == root


def test_files_that_do_not_belong_together_are_refused_with_the_file_and_a_fix(tmp_path: Path) -> None:
    settings, other = LabSettings(tmp_path / "a"), LabSettings(tmp_path / "b")
    ca.ensure(settings)
    ca.ensure(other)
    settings.ca_file.write_bytes(other.ca_file.read_bytes())
    with pytest.raises(ca.UnusableAuthorityError, match=r"ca-intermediate\.pem.*\n.*fix: stop the lab") as caught:
        ca.issue(settings, [HOST], key="ec256")
    assert caught.value.file.parent == settings.state_dir


def test_a_self_signed_certificate_is_trusted_by_nobody(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    ca.ensure(settings)
    with pytest.raises(VerificationError):
        verify(settings, ca.self_signed([HOST]), HOST)
