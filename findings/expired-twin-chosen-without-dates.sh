#!/usr/bin/env bash
# Surprise: with time checks off, OpenSSL builds the path over an expired intermediate although a valid one of the same name
#   and key was sent too; with them on it takes the valid one.
# Versions: OpenSSL 3.0 (Debian 12) through Python's ssl; cryptography 50.0.2 makes the certificates.
# Behaviour: X509_V_FLAG_NO_CHECK_TIME (0x200000) is how checkers look at a path and its dates apart. The candidate issuers
#   are then taken in the order in which they were sent, so such a checker reports "expired" of a server that every browser
#   takes, for the whole time in which a renewed intermediate is sent beside the old one.
# Guess: the flag changes what is refused, not which path is built.
# Seen: without the flag the path's intermediate ends in 300 days; with it, it ended yesterday.
set -euo pipefail
tmp=$(mktemp -d)
cleanup() { rm -rf "$tmp"; }
trap cleanup EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv cryptography==50.0.2
cat > "$tmp/t.py" <<'P'
import datetime as d, ssl, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
HOST, now = "click.links.example", d.datetime.now(d.timezone.utc).replace(microsecond=0)
keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("root", "ca", "leaf")}
def name(text): return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
def make(subject, issuer, days, ca):
    b = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(keys[subject].public_key())
    b = b.serial_number(x509.random_serial_number()).not_valid_before(now - d.timedelta(400)).not_valid_after(now + d.timedelta(days))
    b = b.add_extension(x509.BasicConstraints(ca, None), True)
    if not ca: b = b.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), False)
    return b.sign(keys[issuer], hashes.SHA256()).public_bytes(s.Encoding.PEM).decode()
root, old, new, leaf = make("root", "root", 900, True), make("ca", "root", -1, True), make("ca", "root", 300, True), make("leaf", "ca", 90, False)
key = keys["leaf"].private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()).decode()
open(sys.argv[1], "w").write(leaf + old + new + key)
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); server.load_cert_chain(sys.argv[1])
def days_left(flag):
    client = ssl.create_default_context(cadata=root); client.verify_flags = ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST | flag
    a, b = ssl.MemoryBIO(), ssl.MemoryBIO(); c = client.wrap_bio(a, b, server_hostname=HOST); o = server.wrap_bio(b, a, server_side=True)
    for _ in range(8):
        for side in (c, o):
            try: side.do_handshake()
            except ssl.SSLWantReadError: pass
    path = [x509.load_pem_x509_certificate(one.public_bytes().encode()) for one in c._sslobj.get_verified_chain()]
    return (path[1].not_valid_after_utc - now).days
found = days_left(0), days_left(0x200000)
print("the path's intermediate, days left: with dates", found[0], "- without", found[1])
sys.exit(found != (300, -1))
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp/server.pem" || fail "the same path is built either way"
