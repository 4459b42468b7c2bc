#!/usr/bin/env bash
# Surprise: a CAA tag in upper case, valid and equal to the lower-case one for a CA, takes the whole zone down at NSD.
# Versions: BIND 9.18, Knot 3.2.6, NSD 4.6.1, PowerDNS 4.7.3 (Debian 12), dnspython 2.9.2.
# Behaviour: RFC 8659 says that tags are matched without regard to case. BIND, Knot and PowerDNS serve `0 ISSUE "ca.example"` as
#   written (a reader that compares with "issue" does not find it); NSD refuses the file, so every name is SERVFAIL.
# Guess: all serve it, perhaps in lower case.
# Seen: bind, knot, pdns: 0 ISSUE "ca.example"; nsd SERVFAIL, also for the click host.
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
$TTL 300
@ IN SOA ns host 1 3600 600 86400 600
@ IN NS ns
ns IN A 127.0.0.1
click IN CNAME edge.example.
@ IN CAA 0 ISSUE "ca.example"
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
mkdir "$tmp/k" "$tmp/p"
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
echo "zone \"links.example\" { type master; file \"$tmp/z\"; };" > "$tmp/p/bind.conf"
printf '%s\n' launch=bind "bind-config=$tmp/p/bind.conf" local-address=127.0.0.1 "local-port=$pp" "socket-dir=$tmp/p" \
  daemon=no guardian=no setuid= setgid= include-dir= security-poll-suffix= > "$tmp/p/pdns.conf"
named -g -c "$tmp/named.conf" >"$tmp/named.log" 2>&1 & pids+=($!)
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 & pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
pdns_server --config-dir="$tmp/p" >"$tmp/pdns.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import sys, time
import dns.message, dns.query, dns.rcode
seen = {}
def ask(port, name, kind):
    r = dns.query.udp(dns.message.make_query(name, kind), "127.0.0.1", port=port, timeout=1)
    return " ".join(str(d) for s in r.answer for d in s) or dns.rcode.to_text(r.rcode())
for s, p in zip(("bind", "knot", "nsd", "pdns"), map(int, sys.argv[1:])):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            seen[s] = ask(p, "links.example.", "CAA")
            if "ca.example" in seen[s] or time.monotonic() > end - 24: break     # a server that starts gets six seconds to load
        except Exception: pass
        time.sleep(0.5)
    if s == "nsd": seen["nsd, click host"] = ask(p, "click.links.example.", "CNAME")
for s in seen: print(s, "|", seen[s])
up = '0 ISSUE "ca.example"'
sys.exit(seen != {"bind": up, "knot": up, "pdns": up, "nsd": "SERVFAIL", "nsd, click host": "SERVFAIL"})
P
"$tmp/v/bin/python" "$tmp/t.py" "$pb" "$pk" "$ps" "$pp" || fail "CAA tags in upper case are treated otherwise"
