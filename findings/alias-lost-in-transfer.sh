#!/usr/bin/env bash
# Surprise: an apex ALIAS that works at its primary is no address at all at a secondary of another make, same serial.
# Versions: PowerDNS Authoritative 4.7.3 (primary, bind backend), Knot 3.2.6 (secondary; Debian 12), dnspython 2.9.2.
# Behaviour: with `expand-alias` PowerDNS answers A for the ALIAS, but hands its private type 65401 out in a transfer
#   (`outgoing-axfr-expand-alias` is off unless set). Knot takes the unknown type without a word and answers A with NODATA.
# Guess: the transfer carries what the primary answers, or the secondary complains.
# Seen: links.example. A: pdns 192.0.2.55, knot NOERROR without an answer; knot has TYPE65401; serials equal.
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

need knotd knot; need pdns_server pdns-server
knotd -V; { pdns_server --version 2>&1 || true; } | sed -n 1p
venv dnspython==2.9.2
read -r pk pp < <(ports 2)
mkdir "$tmp/k" "$tmp/p"
cat > "$tmp/z" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 7 3600 600 86400 300
@ IN NS ns
@ IN ALIAS edge.links.example.
ns IN A 127.0.0.1
edge IN A 192.0.2.55
Z
echo "zone \"links.example\" { type master; file \"$tmp/z\"; };" > "$tmp/p/bind.conf"
printf '%s\n' launch=bind "bind-config=$tmp/p/bind.conf" local-address=127.0.0.1 "local-port=$pp" "socket-dir=$tmp/p" \
  expand-alias=yes "resolver=127.0.0.1:$pp" disable-axfr=no allow-axfr-ips=127.0.0.1 daemon=no guardian=no setuid= setgid= \
  include-dir= security-poll-suffix= > "$tmp/p/pdns.conf"
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
remote:
  - id: p
    address: 127.0.0.1@$pp
zone:
  - domain: links.example
    file: $tmp/k/z
    master: p
C
pdns_server --config-dir="$tmp/p" >"$tmp/pdns.log" 2>&1 & pids+=($!)
sleep 2
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import sys, time
import dns.message, dns.query, dns.rcode
def ask(port, kind):
    r = dns.query.udp(dns.message.make_query("links.example.", kind), "127.0.0.1", port=port, timeout=3)
    return dns.rcode.to_text(r.rcode()), [str(d) for s in r.answer for d in s]
ports = {"pdns": int(sys.argv[2]), "knot": int(sys.argv[1])}
for p in ports.values():
    for _ in range(60):
        try:
            if ask(p, "SOA")[1]: break
        except Exception: pass
        time.sleep(0.5)
seen = {s: [ask(p, k) for k in ("SOA", "A", "TYPE65401")] for s, p in ports.items()}
for s in seen: print(s, *seen[s], sep=" | ")
d, k = seen["pdns"], seen["knot"]
ok = d[0] == k[0] and d[1] == ("NOERROR", ["192.0.2.55"]) and k[1] == ("NOERROR", []) and len(k[2][1]) == 1
sys.exit(not ok)
P
"$tmp/v/bin/python" "$tmp/t.py" "$pk" "$pp" || fail "the secondary answers an ALIAS now"
