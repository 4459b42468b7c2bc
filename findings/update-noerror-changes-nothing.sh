#!/usr/bin/env bash
# Surprise: a dynamic update that must not be done is answered NOERROR and silently left out.
# Versions: BIND 9.18, Knot 3.2.6 (Debian 12), dnspython 2.9.2, certbot-dns-rfc2136 5.8.0.
# Behaviour (RFC 2136, 3.4.2.2): adding a TXT where a CNAME stands (an _acme-challenge delegated elsewhere) or a CNAME where an
#   A stands changes nothing, and the answer is NOERROR all the same. So is deleting a CNAME by a value that it does not
#   have. certbot's plugin therefore reports the challenge as added. A second CNAME, in contrast, replaces the first.
# Guess: YXRRSET, REFUSED or another error for what was not done.
# Seen at both servers: NOERROR four times; TXT not there, A still there, CNAME moved, CNAME still there.
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
ports() { python3 -c 'import socket,sys
s=[]
for _ in range(int(sys.argv[1])):
    x=socket.socket(); x.bind(("127.0.0.1",0)); s.append(x)
print(*[x.getsockname()[1] for x in s])' "$1"; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

need named bind9; need knotd knot
named -v; knotd -V
venv dnspython==2.9.2 certbot==5.8.0 certbot-dns-rfc2136==5.8.0
read -r pb pk < <(ports 2)
cat > "$tmp/zb" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 300
@ IN NS ns
ns IN A 127.0.0.1
_acme-challenge.click IN CNAME click.dcv.example.
www IN A 192.0.2.7
moved IN CNAME old.edge.example.
kept IN CNAME old.edge.example.
Z
cp "$tmp/zb" "$tmp/zk"
key="c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
cat > "$tmp/named.conf" <<C
key "k." { algorithm hmac-sha256; secret "$key"; };
options { directory "$tmp"; listen-on port $pb { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "$tmp/n.pid";
  session-keyfile "$tmp/s.key"; recursion no; notify no; };
controls { };
zone "links.example" { type primary; file "$tmp/zb"; allow-update { key "k."; }; };
C
mkdir "$tmp/k"
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
key:
  - id: k
    algorithm: hmac-sha256
    secret: $key
acl:
  - id: a
    key: k
    action: update
zone:
  - domain: links.example
    file: $tmp/zk
    acl: a
C
named -g -c "$tmp/named.conf" >"$tmp/named.log" 2>&1 & pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import sys, time
import dns.message, dns.query, dns.rcode, dns.tsig, dns.tsigkeyring, dns.update
key = sys.argv[1]; bad = 0
ring = dns.tsigkeyring.from_text({"k.": key})
from certbot_dns_rfc2136._internal.dns_rfc2136 import _RFC2136Client
for server, port in zip(("bind", "knot"), map(int, sys.argv[2:])):
    def ask(name, kind):
        r = dns.query.udp(dns.message.make_query(name + ".links.example.", kind), "127.0.0.1", port=port, timeout=2)
        return " ".join(f"{dns.rdatatype.to_text(s.rdtype)} {d}" for s in r.answer for d in s)
    for _ in range(40):
        try:
            if ask("www", "A"): break
        except Exception: pass
        time.sleep(0.5)
    def send(fill):
        u = dns.update.Update("links.example.", keyring=ring, keyalgorithm=dns.tsig.HMAC_SHA256); fill(u)
        return dns.rcode.to_text(dns.query.tcp(u, "127.0.0.1", port=port, timeout=3).rcode())
    client = _RFC2136Client("127.0.0.1", port, "k.", key, dns.tsig.HMAC_SHA256, False)
    client.add_txt_record("_acme-challenge.click.links.example", "token", 60)   # no exception = "added"
    seen = [
        ("certbot added TXT", "no error", ask("_acme-challenge.click", "TXT")),
        ("TXT at CNAME", send(lambda u: u.add("_acme-challenge.click", 60, "TXT", '"token"')), ask("_acme-challenge.click", "TXT")),
        ("CNAME at A", send(lambda u: u.add("www", 300, "CNAME", "edge.example.")), ask("www", "A")),
        ("CNAME at CNAME", send(lambda u: u.add("moved", 300, "CNAME", "new.edge.example.")), ask("moved", "CNAME")),
        ("delete other value", send(lambda u: u.delete("kept", "CNAME", "wrong.example.")), ask("kept", "CNAME")),
    ]
    want = ["CNAME click.dcv.example.", "CNAME click.dcv.example.", "A 192.0.2.7", "CNAME new.edge.example.", "CNAME old.edge.example."]
    for (what, code, now), w in zip(seen, want):
        print(server, "|", what, "|", code, "|", now); bad += code not in ("NOERROR", "no error") or now != w
sys.exit(bad)
P
"$tmp/v/bin/python" "$tmp/t.py" "$key" "$pb" "$pk" || fail "an update that does nothing is no longer answered NOERROR"
