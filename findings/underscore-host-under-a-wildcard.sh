#!/usr/bin/env bash
# Surprise: for a host with an underscore under a wildcard certificate, Python says the name does not match; curl (on the
#   same OpenSSL) and Node say it does.
# Versions: Python 3 `ssl` and curl 7.88.1 with OpenSSL 3.0 (Debian 12), Node 20, service-identity 26.1.0, cryptography 50.0.2,
#   trustme 1.2.1 (makes the certificate).
# Behaviour: OpenSSL lets a wildcard stand for letters, digits and hyphens only, so url_1.links.example is not covered by
#   *.links.example for Python (and aiohttp, httpx, requests). curl and Node match by themselves and accept. cryptography's
#   verifier takes no such name at all. In an ordinary name without underscore all agree.
# Guess: wildcard matching is settled (RFC 9525); the label's characters play no part.
# Seen: url1: ok everywhere; url_1: python "Hostname mismatch", cryptography ValueError, curl 0, node ok, service_identity ok.
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
need() { command -v "$1" >/dev/null || { echo "needs $1 (Debian package $2), which is not installed" >&2; exit 2; }; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

need curl curl; need node nodejs
curl --version | sed -n 1p; node --version; python3 -c 'import sys, ssl; print(sys.version.split()[0], ssl.OPENSSL_VERSION)'
venv trustme==1.2.1 cryptography==50.0.2 service-identity==26.1.0
cat > "$tmp/t.py" <<'P'
import socket, ssl, subprocess, sys, threading
import service_identity.cryptography as si, trustme
from cryptography import x509
from cryptography.x509 import verification as v
d = sys.argv[1]; ca = trustme.CA(); ca.cert_pem.write_to_path(f"{d}/ca.pem"); wild = ca.issue_cert("*.links.example")
leaf = x509.load_pem_x509_certificate(wild.cert_chain_pems[0].bytes()); store = v.Store([x509.load_pem_x509_certificate(ca.cert_pem.bytes())])
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); wild.configure_cert(server); s = socket.create_server(("127.0.0.1", 0)); port = s.getsockname()[1]
def serve():
    while True:
        c, _ = s.accept(); c.settimeout(5)
        try:
            with server.wrap_socket(c, server_side=True) as t: t.recv(9999); t.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except OSError: pass
threading.Thread(target=serve, daemon=True).start()
def python(h):
    c = ssl.create_default_context(cafile=f"{d}/ca.pem")
    try:
        with c.wrap_socket(socket.create_connection(("127.0.0.1", port), 5), server_hostname=h): return "ok"
    except ssl.SSLCertVerificationError as e: return "mismatch" if "Hostname mismatch" in str(e) else str(e)
def crypt(h):
    try: v.PolicyBuilder().store(store).build_server_verifier(x509.DNSName(h)); return "ok"
    except ValueError: return "ValueError"
def sid(h): si.verify_certificate_hostname(leaf, h); return "ok"
def curl(h): return str(subprocess.run(["curl", "-s", "-m", "8", "-o", "/dev/null", "--cacert", f"{d}/ca.pem", "--resolve", f"{h}:{port}:127.0.0.1", f"https://{h}:{port}/"]).returncode)
js = "const s=require('tls').connect({port:+process.argv[1],host:'127.0.0.1',servername:process.argv[2],ca:require('fs').readFileSync(process.argv[3])},()=>{console.log('ok');process.exit()});s.on('error',e=>{console.log(e.code);process.exit()})"
def node(h): return subprocess.run(["node", "-e", js, str(port), h, f"{d}/ca.pem"], capture_output=True, text=True, timeout=20).stdout.strip()
seen = {h: [f(h) for f in (python, crypt, sid, curl, node)] for h in ("url1.links.example", "url_1.links.example")}
for h in seen: print(h, dict(zip(("python", "cryptography name", "service_identity", "curl", "node"), seen[h])))
sys.exit(list(seen.values()) != [["ok", "ok", "ok", "0", "ok"], ["mismatch", "ValueError", "ok", "0", "ok"]])
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "wildcards and underscores are matched otherwise"
