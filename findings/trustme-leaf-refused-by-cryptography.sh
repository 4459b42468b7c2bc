#!/usr/bin/env bash
# Surprise: a certificate made by trustme is refused by the verifier of cryptography, the library that trustme is built on.
# Versions: trustme 1.2.1, cryptography 50.0.2; OpenSSL 3.0 through Python's ssl accepts it.
# Behaviour: trustme writes a subject and a critical subjectAltName; cryptography.x509.verification insists that SAN is not
#   critical unless the subject is empty. A test suite that moves from ssl to that verifier sees every good host fail.
# Guess: test certificates of the same family of projects pass.
# Seen: ssl: handshake fine; cryptography: "EE subjectAltName MUST NOT be critical when subject is nonempty".
set -euo pipefail
tmp=$(mktemp -d)
pids=()
cleanup() {
  for p in "${pids[@]:-}"; do [ -z "$p" ] || kill "$p" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$tmp"
}
trap cleanup EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv trustme==1.2.1 cryptography==50.0.2
cat > "$tmp/t.py" <<'P'
import ssl, sys
import trustme
from cryptography import x509
from cryptography.x509 import verification as v
ca = trustme.CA(); leaf = ca.issue_cert("click.links.example")
server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(); leaf.configure_cert(server); ca.configure_trust(client)
a, b = ssl.MemoryBIO(), ssl.MemoryBIO(); c = client.wrap_bio(a, b, server_hostname="click.links.example"); s = server.wrap_bio(b, a, server_side=True)
done = set()
for _ in range(8):
    for side, o in (("client", c), ("server", s)):
        try: o.do_handshake(); done.add(side)
        except ssl.SSLWantReadError: pass
print("ssl:", sorted(done))
try:
    v.PolicyBuilder().store(v.Store([x509.load_pem_x509_certificate(ca.cert_pem.bytes())])).build_server_verifier(
        x509.DNSName("click.links.example")).verify(x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()), [])
    said = "accepted"
except v.VerificationError as e: said = str(e)
print("cryptography:", said.split(" (")[0]); sys.exit(not (done == {"client", "server"} and "MUST NOT be critical" in said))
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "both agree now"
