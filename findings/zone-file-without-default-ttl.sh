#!/usr/bin/env bash
# Surprise: one zone file without $TTL gives a click CNAME three different TTLs, by where the zone is hosted.
# Versions: BIND 9.18, Knot 3.2.6, NSD 4.6.1, PowerDNS 4.7.3 (Debian 12), dnspython 2.9.2.
# Behaviour (SOA MINIMUM 600, one earlier record with an explicit TTL of 30): a record without a TTL that comes after it
#   is served with 600 by BIND (SOA MINIMUM), 3600 by Knot and NSD (a built-in default), and 30 by PowerDNS (last stated
#   TTL, RFC 1035), which is also what dnspython reads. The one before it: 600 at BIND and in dnspython, 3600 elsewhere.
# Guess: RFC 2308 is old; all take the SOA MINIMUM, or refuse the file.
# Seen: after.zone. CNAME: bind 600, knot 3600, nsd 3600, pdns 30, dnspython 30.
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

need named bind9; need nsd nsd; need knotd knot; need pdns_server pdns-server
named -v; knotd -V; { nsd -v 2>&1 || true; } | sed -n 1p; { pdns_server --version 2>&1 || true; } | sed -n 1p
venv dnspython==2.9.2
read -r pb pk ps pp < <(ports 4)
cat > "$tmp/z" <<'Z'
$ORIGIN links.example.
@ IN SOA ns.links.example. host.links.example. 1 3600 600 86400 600
@ IN NS ns.links.example.
ns IN A 127.0.0.1
before IN CNAME edge.example.
stated 30 IN CNAME edge.example.
after IN CNAME edge.example.
Z
cat > "$tmp/named.conf" <<C
options { directory "$tmp"; listen-on port $pb { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "$tmp/n.pid";
  session-keyfile "$tmp/s.key"; recursion no; notify no; };
controls { };
zone "links.example" { type primary; file "$tmp/z"; };
C
cat > "$tmp/nsd.conf" <<C
server:
  ip-address: 127.0.0.1@$ps
  username: ""
  chroot: ""
  zonesdir: "$tmp"
  pidfile: "$tmp/nsd.pid"
  database: ""
  xfrdfile: "$tmp/x"
  zonelistfile: "$tmp/zl"
  xfrdir: "$tmp"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: links.example
  zonefile: z
C
mkdir "$tmp/k"
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
zone:
  - domain: links.example
    file: $tmp/z
    zonefile-sync: -1
C
mkdir "$tmp/p"
echo "zone \"links.example\" { type master; file \"$tmp/z\"; };" > "$tmp/p/bind.conf"
printf '%s\n' launch=bind "bind-config=$tmp/p/bind.conf" local-address=127.0.0.1 "local-port=$pp" "socket-dir=$tmp/p" \
  daemon=no guardian=no setuid= setgid= include-dir= security-poll-suffix= > "$tmp/p/pdns.conf"
named -g -c "$tmp/named.conf" >"$tmp/named.log" 2>&1 & pids+=($!)
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 & pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
pdns_server --config-dir="$tmp/p" >"$tmp/pdns.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import sys, time
import dns.message, dns.query, dns.rcode, dns.zone
ports = dict(zip(("bind", "knot", "nsd", "pdns"), map(int, sys.argv[2:])))
def ttl(port, name):
    for _ in range(40):
        try:
            r = dns.query.udp(dns.message.make_query(name, "CNAME"), "127.0.0.1", port=port, timeout=1)
            if r.answer: return r.answer[0].ttl
        except Exception: pass
        time.sleep(0.5)
    sys.exit(f"no answer at {port}")
z = dns.zone.from_file(sys.argv[1], origin="links.example.")
seen = {n: {k: ttl(p, f"{n}.links.example.") for k, p in ports.items()} for n in ("before", "after")}
for n in seen: seen[n]["dnspython"] = z.get_rdataset(n, "CNAME").ttl; print(n, seen[n])
want = {"before": {"bind": 600, "knot": 3600, "nsd": 3600, "pdns": 3600, "dnspython": 600},
        "after": {"bind": 600, "knot": 3600, "nsd": 3600, "pdns": 30, "dnspython": 30}}
sys.exit(0 if seen == want else 1)
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp/z" "$pb" "$pk" "$ps" "$pp" || fail "the default TTLs differ from what was seen"
