#!/usr/bin/env bash
# Surprise: one of two name servers of a zone answers NXDOMAIN for every click host that a DNAME moved.
# Versions: Knot 3.2.6 (primary), PowerDNS Authoritative 4.7.3 (secondary, bind backend; Debian 12), dnspython 2.9.2.
# Behaviour: PowerDNS takes the DNAME over by transfer, serves it when asked for DNAME, with the right serial, and yet
#   answers NXDOMAIN for names below it: `dname-processing` is off unless set. Knot (and BIND, NSD) synthesise the CNAME.
# Guess: every authoritative server has done DNAME for twenty years.
# Seen: click.old.links.example.: knot NOERROR CNAME click.new.example., pdns NXDOMAIN (AA); same SOA serial, same DNAME.
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
cat > "$tmp/z" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 7 3600 600 86400 300
@ IN NS ns
ns IN A 127.0.0.1
old IN DNAME new.example.
Z
mkdir "$tmp/k" "$tmp/p"
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
acl:
  - id: x
    address: 127.0.0.1
    action: transfer
zone:
  - domain: links.example
    file: $tmp/z
    acl: x
C
echo "zone \"links.example\" { type slave; masters { 127.0.0.1:$pk; }; file \"$tmp/p/z\"; };" > "$tmp/p/bind.conf"
printf '%s\n' launch=bind "bind-config=$tmp/p/bind.conf" local-address=127.0.0.1 "local-port=$pp" "socket-dir=$tmp/p" \
  slave=yes slave-cycle-interval=1 daemon=no guardian=no setuid= setgid= include-dir= security-poll-suffix= > "$tmp/p/pdns.conf"
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
sleep 1
pdns_server --config-dir="$tmp/p" >"$tmp/pdns.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import sys, time
import dns.flags, dns.message, dns.query, dns.rcode
def ask(port, name, kind):
    r = dns.query.udp(dns.message.make_query(name, kind), "127.0.0.1", port=port, timeout=2)
    return dns.rcode.to_text(r.rcode()), bool(r.flags & dns.flags.AA), [f"{dns.rdatatype.to_text(s.rdtype)} {d}" for s in r.answer for d in s]
ports = {"knot": int(sys.argv[1]), "pdns": int(sys.argv[2])}
for p in ports.values():
    for _ in range(60):
        try:
            if ask(p, "links.example.", "SOA")[2]: break
        except Exception: pass
        time.sleep(0.5)
seen = {}
for s, p in ports.items():
    seen[s] = ask(p, "links.example.", "SOA")[2], ask(p, "old.links.example.", "DNAME")[2], ask(p, "click.old.links.example.", "A")
    print(s, *seen[s], sep=" | ")
k, d = seen["knot"], seen["pdns"]
ok = k[0] == d[0] and k[1] == d[1] == ["DNAME new.example."] and "CNAME click.new.example." in k[2][2] and d[2] == ("NXDOMAIN", True, [])
sys.exit(not ok)
P
"$tmp/v/bin/python" "$tmp/t.py" "$pk" "$pp" || fail "PowerDNS answers below a DNAME now"
