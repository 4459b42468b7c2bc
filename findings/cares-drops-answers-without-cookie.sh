#!/usr/bin/env bash
# Surprise: one answer with a DNS cookie makes c-ares throw away every later answer without one from the same address.
# Versions: aiodns 4.0.4 / pycares 5.2.1 (c-ares 1.34.9), dnsdist 1.7.3, BIND 9.18, NSD 4.6.1 (Debian 12).
# Behaviour: cookies are optional (RFC 7873), and one service address often has several servers behind it (anycast, a
#   load balancer). BIND answers with a server cookie, NSD by default with none. Behind one dnsdist address c-ares gets a
#   cookie from BIND first; from then on it drops NSD's perfectly good answers and reports a time-out for about two
#   minutes. dnspython, asked at the same address, gets every answer.
# Guess of a good engineer: a missing optional cookie is accepted, or at worst the question is repeated over TCP.
#   (If the first answer has no cookie, c-ares stops sending cookies instead, and all is well: so it comes and goes.)
# Seen: first look-up fine, the next one "Timeout while contacting DNS servers" although the server answered each try.
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

need named bind9; need nsd nsd; need dnsdist dnsdist
named -v; { nsd -v 2>&1 || true; } | sed -n 1p; dnsdist --version | sed -n 1p
venv aiodns==4.0.4 pycares==5.2.1 dnspython==2.9.2
read -r pn ps pd < <(ports 3)
cat > "$tmp/z" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 300
@ IN NS ns
ns IN A 127.0.0.1
* IN A 192.0.2.1
Z
cat > "$tmp/named.conf" <<C
options { directory "$tmp"; listen-on port $pn { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "$tmp/n.pid";
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
# the first question goes to BIND, every later one to NSD: the worst case of any two servers behind one address
cat > "$tmp/dd.conf" <<C
setLocal("127.0.0.1:$pd")
newServer({address="127.0.0.1:$pn", name="bind", pool="bind", healthCheckMode="up"})
newServer({address="127.0.0.1:$ps", name="nsd", pool="nsd", healthCheckMode="up"})
addAction("first.links.example.", PoolAction("bind"))
addAction(AllRule(), PoolAction("nsd"))
C
named -g -c "$tmp/named.conf" >"$tmp/named.log" 2>&1 & pids+=($!)
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 & pids+=($!)
dnsdist --supervised --disable-syslog -C "$tmp/dd.conf" >"$tmp/dd.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import asyncio, sys, time
import aiodns, dns.message, dns.query
port = int(sys.argv[1])
def plain(name):
    q = dns.message.make_query(name, "A", use_edns=0)
    return dns.query.udp(q, "127.0.0.1", port=port, timeout=2).answer
for _ in range(40):
    try:
        if plain("first.links.example.") and plain("other.links.example."): break
    except Exception: pass
    time.sleep(0.5)
else: sys.exit("servers did not start")
async def main():
    r = aiodns.DNSResolver(nameservers=[f"127.0.0.1:{port}"], timeout=1, tries=2)
    got = []
    for n in ("first", "second", "third"):
        try: await r.query_dns(f"{n}.links.example", "A"); got.append(f"{n}:ok")
        except aiodns.error.DNSError as e: got.append(f"{n}:{e.args[1]}")
    return got
got = asyncio.run(main()); print(got)
assert plain("second.links.example."), "dnspython got no answer"
print("dnspython: answered")
ok = got[0] == "first:ok" and all("Timeout" in g for g in got[1:])
sys.exit(0 if ok else 1)
P
"$tmp/v/bin/python" "$tmp/t.py" "$pd" || fail "c-ares no longer drops answers without a cookie"
