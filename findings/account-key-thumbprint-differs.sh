#!/usr/bin/env bash
# Surprise: for about one EC account key in 128, Authlib computes another thumbprint than the ACME libraries do.
# Versions: Authlib 1.9.10, josepy 2.2.0 (certbot's), jwcrypto 1.6.1, cryptography 50.0.2.
# Behaviour: a P-256 coordinate that begins with a zero octet must still be written with 32 octets (RFC 7518, 6.2.1.2). Authlib drops
#   the zero, so x has 42 characters in the place of 43 and the RFC 7638 thumbprint is another. A dns-01 TXT or an account match
#   made with it fails, for that key only. josepy and jwcrypto agree with each other.
# Guess: three JOSE libraries agree on every key.
# Seen: key 379 of the test below: josepy = jwcrypto = 7Yxe6c_3..., Authlib = cqdWPhcn...; for key 1 all three agree.
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

venv Authlib==1.9.10 josepy==2.2.0 jwcrypto==1.6.1 cryptography==50.0.2
cat > "$tmp/t.py" <<'P'
import base64, sys, warnings
warnings.simplefilter("ignore")
import josepy
from authlib.jose import JsonWebKey
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto import jwk
def three(n):
    k = ec.derive_private_key(n, ec.SECP256R1()); pem = k.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
    a = JsonWebKey.import_key(pem, {"kty": "EC"})
    return (base64.urlsafe_b64encode(josepy.JWK.load(pem).thumbprint()).decode().rstrip("="), jwk.JWK.from_pem(pem).thumbprint(), a.thumbprint(), len(a.as_dict()["x"]))
def short(n):
    p = ec.derive_private_key(n, ec.SECP256R1()).public_key().public_numbers(); return min(p.x, p.y) >> 248 == 0
rate = sum(map(short, range(1, 1501))); print("keys with a zero octet in front, of 1500:", rate)
plain, odd = three(1), three(379)
for n, t in ((1, plain), (379, odd)): print(f"key {n}: josepy {t[0][:8]} jwcrypto {t[1][:8]} authlib {t[2][:8]} (x has {t[3]} characters)")
sys.exit(not (plain[0] == plain[1] == plain[2] and odd[0] == odd[1] != odd[2] and odd[3] == 42 and rate > 0))
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "the thumbprints agree"
