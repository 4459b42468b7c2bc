"""PEM as people's files have it: what is read, and what every usual reader would drop without a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.karte.pem import read_blocks, write_block
from linkproof.karte.refusal import RefusedError

from tests.chains import intermediate, key_pem, pem, rsa_key
from tests.karte.conftest import own

LEAF, CA = pem(own()), pem(intermediate())
BOTH = LEAF + CA


@pytest.mark.parametrize(
    "data",
    [
        BOTH,
        BOTH.replace(b"\n", b"\r\n"),
        BOTH.replace(b"\n", b"\r"),
        BOTH.rstrip(b"\n"),
        BOTH.replace(b"\n", b" \t\n"),
        b"\xef\xbb\xbf" + BOTH,
        "サーバー証明書\n".encode() + LEAF + b"subject=CN = x\n\n" + CA,
        LEAF.replace(b"\n", b"").replace(b"TE-----", b"TE-----\n").replace(b"-----END", b"\n-----END") + b"\n" + CA,
    ],
    ids=["plain", "crlf", "cr", "no-final-newline", "trailing-spaces", "bom", "text-between", "one-line"],
)
def test_what_is_harmless_is_read_and_written_as_one_should(files, data):
    files.cert = data
    assert files.bundle().certificate_file.read_bytes() == BOTH


@pytest.mark.parametrize(
    ("data", "refusal", "says"),
    [
        (LEAF.rstrip(b"\n") + CA, "pem.broken", "without a line end between them"),
        (BOTH.replace(b"-----BEGIN", "–----BEGIN".encode(), 1), "pem.broken", "cert.pem:1: a line that looks like a boundary"),
        (LEAF + CA.replace(b"-----BEGIN", "——BEGIN".encode()), "pem.broken", "a line that looks like a boundary"),
        (LEAF + CA.replace(b"BEGIN CERTIFICATE", b"Begin Certificate"), "pem.broken", "a line that looks like a boundary"),
        (LEAF + CA.replace(b"-----BEGIN CERTIFICATE-----", b"BEGIN CERTIFICATE"), "pem.broken", "a line that looks like"),
        (LEAF + b" " + CA, "pem.broken", "a line that looks like a boundary"),
        (LEAF + b"\xef\xbb\xbf" + CA, "pem.broken", "byte-order mark"),
        (LEAF.replace(b"-----END CERTIFICATE-----\n", b"") + CA, "pem.broken", "which has no END line"),
        (LEAF.replace(b"-----END CERTIFICATE-----", b"----END CERTIFICATE-----"), "pem.broken", "looks like a boundary"),
        (LEAF[: len(LEAF) // 2], "pem.broken", "has no END line"),
        (LEAF.replace(b"-----END CERTIFICATE", b"-----END X509 CRL"), "pem.broken", "ends a block that began as CERTIFICATE"),
        (LEAF.replace(b"MII", b"M*I", 1), "pem.broken", "no base64"),
        (LEAF.replace(b"MII", b"MI", 1), "pem.broken", "no base64"),
        (b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "pem.broken", "is empty"),
        (BOTH.decode().encode("utf-16"), "pem.utf-16", "UTF-16"),
        (b"\x30\x82\x01\x0a" + b"\xff" * 40, "pem.binary", "openssl x509 -inform DER"),
        (b"no certificate here\n", "pem.none", "no PEM block"),
        (b"# " * 600_000, "pem.too-long", "more than 1000000 octets"),
        (LEAF + key_pem(rsa_key()), "certificate.key-inside", "take it out of there"),
(LEAF.replace(b" CERTIFICATE-", b" TRUSTED CERTIFICATE-") + CA, "certificate.label", "openssl x509 -in"),
        (BOTH.replace(b"CERTIFICATE-----\n", b"CERTIFICATE-----\nComment: mine\n", 1), "certificate.label", "Comment: mine"),
        (b"-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n", "certificate.label", "openssl pkcs7"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "certificate.malformed", "take the file again"),
    ],
)  # fmt: skip
def test_what_readers_would_drop_or_misread_is_refused_with_its_line(files, data, refusal, says):
    files.cert = data
    error = files.refused()
    assert [one.id for one in error.refusals] == [refusal]
    assert says in str(error)


@settings(max_examples=60, deadline=None)
@given(der=st.binary(min_size=1, max_size=300), label=st.sampled_from(["CERTIFICATE", "RSA PRIVATE KEY"]))
def test_what_is_written_reads_back(tmp_path_factory, der, label):
    file = tmp_path_factory.mktemp("pem") / "x.pem"
    file.write_text(write_block(label, der))
    assert max(map(len, file.read_text().split("\n"))) <= 64
    (block,) = read_blocks(file)
    assert (block.label, block.der, block.line) == (label, der, 1)


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(BOTH) - 1), octets=st.binary(max_size=3))
def test_a_changed_file_never_loses_a_certificate_silently(tmp_path_factory, at, octets):
    file = tmp_path_factory.mktemp("pem") / "x.pem"
    file.write_bytes(BOTH[:at] + octets + BOTH[at + 1 :])
    try:
        blocks = read_blocks(file)
    except RefusedError:
        return
    assert len(blocks) == 2


def test_a_file_that_is_not_there_is_named(tmp_path):
    for file in (tmp_path / "nobody.pem", tmp_path):
        with pytest.raises(RefusedError, match=file.name) as raised:
            read_blocks(file)
        assert [one.id for one in raised.value.refusals] == ["pem.no-file"]
