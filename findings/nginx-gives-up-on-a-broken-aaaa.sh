#!/usr/bin/env bash
# Surprise: nginx answers 502 for every click when the origin's DNS answers A well and AAAA with an error; all others use the A.
# Versions: nginx 1.22.1, haproxy 2.6.12 (Debian 12), aiodns 4.0.4 / pycares 5.2.1, dnspython 2.9.2 as the name server.
# Behaviour: nginx's `resolver` asks both types and fails the name if one of them is SERVFAIL, REFUSED, NOTIMP or NXDOMAIN (load
#   balancers' name servers do that for AAAA), however good the A is; `ipv6=off` on the resolver line mends it. haproxy and
#   c-ares (Node, aiohttp with aiodns) take the A.
# Guess: an error for one address family costs at most time.
# Seen, AAAA SERVFAIL / REFUSED / NXDOMAIN: nginx 502 each time, with ipv6=off 200; haproxy 200; c-ares 127.0.0.1.
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
venv dnspython==2.9.2 aiodns==4.0.4 pycares==5.2.1
cat > "$tmp/t.py" <<'P'
import asyncio, http.client, socket, subprocess, sys, threading, time
import aiodns, dns.flags, dns.message, dns.rcode, dns.rdatatype, dns.rrset
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
d = sys.argv[1]; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); dport = s.getsockname()[1]
def names():
    while True:
        w, who = s.recvfrom(4096); q = dns.message.from_wire(w); r = dns.message.make_response(q); r.flags |= dns.flags.AA | dns.flags.RA
        n = q.question[0].name; code = str(n).split(".")[0].upper()
        if q.question[0].rdtype == dns.rdatatype.A: r.answer = [dns.rrset.from_text(n, 60, "IN", "A", "127.0.0.1")]
        elif q.question[0].rdtype == dns.rdatatype.AAAA: r.set_rcode(dns.rcode.from_text(code))
        s.sendto(r.to_wire(), who)
threading.Thread(target=names, daemon=True).start()
class Origin(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self): self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
o = ThreadingHTTPServer(("127.0.0.1", 0), Origin); threading.Thread(target=o.serve_forever, daemon=True).start()
def port():
    with socket.socket() as x: x.bind(("127.0.0.1", 0)); return x.getsockname()[1]
codes = ("servfail", "refused", "nxdomain"); a, b = port(), port(); hp = {c: port() for c in codes}
loc = "".join(f"location /{c} {{ set $up {c}.origin.example; proxy_pass http://$up:{o.server_port}; }} " for c in codes)
open(f"{d}/nginx.conf", "w").write(f"pid {d}/n.pid; error_log {d}/n.err; daemon off; events {{}} http {{ access_log off; "
    f"server {{ listen 127.0.0.1:{a}; resolver 127.0.0.1:{dport}; {loc} }} server {{ listen 127.0.0.1:{b}; resolver 127.0.0.1:{dport} ipv6=off; {loc} }} }}")
open(f"{d}/haproxy.cfg", "w").write(f"resolvers r\n nameserver n 127.0.0.1:{dport}\ndefaults\n mode http\n timeout connect 3s\n timeout client 5s\n timeout server 5s\n" + "".join(
    f"listen {c}\n bind 127.0.0.1:{p}\n server o {c}.origin.example:{o.server_port} resolvers r init-addr none\n" for c, p in hp.items()))
ps = [subprocess.Popen(["nginx", "-p", d, "-c", f"{d}/nginx.conf"], stderr=subprocess.DEVNULL), subprocess.Popen(["haproxy", "-db", "-f", f"{d}/haproxy.cfg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
def get(p, c, good=200):
    end = time.monotonic() + 15; got = None
    while time.monotonic() < end:
        try:
            h = http.client.HTTPConnection("127.0.0.1", p, timeout=10); h.request("GET", "/" + c); got = h.getresponse().status; h.close()
            if got == good: break
        except OSError: pass
        time.sleep(0.5)
    return got
async def cares(c):
    r = aiodns.DNSResolver(nameservers=[f"127.0.0.1:{dport}"], timeout=2, tries=2)
    return [n.addr[0].decode() for n in (await r.getaddrinfo(f"{c}.origin.example", family=0)).nodes]
bad = 0
try:
    for c in codes:
        off = get(b, c); on = get(a, c, 502); h = get(hp[c], c); k = asyncio.run(cares(c))
        print(f"AAAA {c:9} nginx {on}  nginx ipv6=off {off}  haproxy {h}  c-ares {k}"); bad += (on, off, h, k) != (502, 200, 200, ["127.0.0.1"])
finally:
    for p in ps: p.terminate()
    for p in ps: p.wait(20)
sys.exit(bad)
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "a broken AAAA is treated otherwise"
