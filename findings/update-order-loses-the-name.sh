#!/usr/bin/env bash
# Surprise: in one dynamic update, "add the CNAME, delete the A" leaves the host without any record; NOERROR.
# Versions: BIND 9.18, Knot 3.2.6 (Debian 12), dnspython 2.9.2.
# Behaviour: an update is atomic, but its parts are applied in the order written: the CNAME is dropped silently because
#   the A still stands, then the A is deleted. The host answers NXDOMAIN. Written the other way round it works.
# Guess: atomic means that only the end state counts (as with a Route 53 change batch), so the order does not matter.
# Seen at both servers: add-then-delete: NOERROR, then NXDOMAIN; delete-then-add: NOERROR, then the CNAME.
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
venv dnspython==2.9.2
read -r pb pk < <(ports 2)
cat > "$tmp/zb" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 300
@ IN NS ns
ns IN A 127.0.0.1
first IN A 192.0.2.7
second IN A 192.0.2.7
Z
cp "$tmp/zb" "$tmp/zk"
cat > "$tmp/named.conf" <<C
options { directory "$tmp"; listen-on port $pb { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "$tmp/n.pid";
  session-keyfile "$tmp/s.key"; recursion no; notify no; };
controls { };
zone "links.example" { type primary; file "$tmp/zb"; allow-update { 127.0.0.1; }; };
C
mkdir "$tmp/k"
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
acl:
  - id: a
    address: 127.0.0.1
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
import dns.message, dns.query, dns.rcode, dns.update
bad = 0
for server, port in zip(("bind", "knot"), map(int, sys.argv[1:])):
    def ask(name):
        r = dns.query.udp(dns.message.make_query(name + ".links.example.", "CNAME"), "127.0.0.1", port=port, timeout=2)
        return dns.rcode.to_text(r.rcode()), [str(d) for s in r.answer for d in s]
    for _ in range(40):
        try:
            if ask("first")[0] == "NOERROR": break
        except Exception: pass
        time.sleep(0.5)
    def send(*steps):
        u = dns.update.Update("links.example.")
        for s in steps: s(u)
        return dns.rcode.to_text(dns.query.tcp(u, "127.0.0.1", port=port, timeout=3).rcode())
    a = send(lambda u: u.add("first", 300, "CNAME", "edge.example."), lambda u: u.delete("first", "A")), ask("first")
    b = send(lambda u: u.delete("second", "A"), lambda u: u.add("second", 300, "CNAME", "edge.example.")), ask("second")
    print(server, "add, delete:", a, "| delete, add:", b)
    bad += a != ("NOERROR", ("NXDOMAIN", [])) or b != ("NOERROR", ("NOERROR", ["edge.example."]))
sys.exit(bad)
P
"$tmp/v/bin/python" "$tmp/t.py" "$pb" "$pk" || fail "the order of an update's parts no longer matters"
