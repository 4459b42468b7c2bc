#!/usr/bin/env bash
# Surprise: haproxy answers 503 for every click when the DNS answer for the origin is longer than 512 octets; it never asks again by TCP.
# Versions: haproxy 2.6.12, nginx 1.22.1 (Debian 12), aiodns 4.0.4 (c-ares); dnspython 2.9.2 is the name server.
# Behaviour: an origin behind five aliases with long names and eight addresses (as clouds' load balancers have) does not fit into 512
#   octets. The name server sets TC, and haproxy (`resolvers` with nothing but a `nameserver`) takes that for a failure, again and again,
#   and the server stays in maintenance. nginx and c-ares ask again by TCP. `nameserver a tcp@…` does not help either:
#   a longer answer is refused there too. `accepted_payload_size 1232` does, as far as it goes.
#   The day on which the sender adds an address or an alias is the day on which all clicks end.
# Guess: TC means TCP (RFC 7766: must be supported), for whoever has a resolver.
# Seen: plain haproxy 503, with tcp@ 503, with accepted_payload_size 1232 200; nginx 200; c-ares 8 addresses; a short answer: haproxy 200.
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

need haproxy haproxy; need nginx nginx
haproxy -v | sed -n 1p; nginx -v 2>&1
venv dnspython==2.9.2 aiodns==4.0.4
cat > "$tmp/t.py" <<'P'
import asyncio, os, socket, struct, subprocess, sys, threading, time, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import aiodns, dns.flags, dns.message, dns.rrset
tmp = sys.argv[1]
HOPS = [f"load-balancer-number-{i}-of-the-sender-with-a-long-name.region-{i}.cloud-{i}.example." for i in range(5)]
asked = []

def answer(wire, tcp):
    q = dns.message.from_wire(wire); r = dns.message.make_response(q); name = q.question[0].name.to_text().lower()
    asked.append((name, tcp)); r.flags |= dns.flags.RA
    if q.question[0].rdtype == 1:
        if name.startswith("long"):
            for hop in HOPS: r.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", hop)); name = hop
        r.answer.append(dns.rrset.from_text(name, 60, "IN", "A", *[f"127.0.0.{i}" for i in range(1, 9 if name in HOPS else 2)]))
    out = r.to_wire(max_size=65535)
    if not tcp and len(out) > (q.payload if q.edns >= 0 else 512):
        r.answer = []; r.flags |= dns.flags.TC; out = r.to_wire(max_size=65535)
    return out

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("127.0.0.1", 0)); port = udp.getsockname()[1]
lst = socket.socket(); lst.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); lst.bind(("127.0.0.1", port)); lst.listen(16)
def by_udp():
    while True:
        d, a = udp.recvfrom(4096); udp.sendto(answer(d, False), a)
def talk(c):
    with c, c.makefile("rb") as f:
        while len(n := f.read(2)) == 2: out = answer(f.read(struct.unpack("!H", n)[0]), True); c.sendall(struct.pack("!H", len(out)) + out)
def by_tcp():
    while True: threading.Thread(target=talk, args=(lst.accept()[0],), daemon=True).start()
for f in (by_udp, by_tcp): threading.Thread(target=f, daemon=True).start()

class Origin(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self): self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
first = ThreadingHTTPServer(("127.0.0.1", 0), Origin); origin = first.server_port
for s in [first] + [ThreadingHTTPServer((f"127.0.0.{i}", origin), Origin) for i in range(2, 9)]: threading.Thread(target=s.serve_forever, daemon=True).start()

def free():
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); return s.getsockname()[1]
kinds = {"short": ("short.example", "plain"), "plain": ("long.example", "plain"), "edns": ("long.example", "edns"), "tcp": ("long.example", "tcp")}
at = {k: free() for k in kinds}; ng = free()
conf = "defaults\n mode http\n timeout connect 2s\n timeout client 5s\n timeout server 5s\n"
for k, where, more in (("plain", "", ""), ("edns", "", " accepted_payload_size 1232\n"), ("tcp", "tcp@", "")): conf += f"resolvers {k}\n nameserver a {where}127.0.0.1:{port}\n{more} timeout resolve 1s\n timeout retry 1s\n"
for k, (host, r) in kinds.items(): conf += f"listen {k}_front\n bind 127.0.0.1:{at[k]}\n server s {host}:{origin} resolvers {r} resolve-prefer ipv4 init-addr none\n"
open(f"{tmp}/h.cfg", "w").write(conf)
temp = "".join(f"{t}_temp_path {tmp}/{t}; " for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
open(f"{tmp}/n.conf", "w").write(f"daemon off; pid {tmp}/n.pid; error_log {tmp}/n.log; events {{}} http {{ access_log off; {temp} resolver 127.0.0.1:{port}; server {{ listen 127.0.0.1:{ng}; set $o long.example; location / {{ proxy_pass http://$o:{origin}; }} }} }}")
def get(p):
    try: return urllib.request.urlopen(f"http://127.0.0.1:{p}/", timeout=20).status
    except urllib.error.HTTPError as e: return e.code
    except OSError: return 0
with open(f"{tmp}/h.log", "w") as log:
    run = [subprocess.Popen(["haproxy", "-db", "-f", f"{tmp}/h.cfg"], stdout=log, stderr=log), subprocess.Popen(["nginx", "-p", tmp, "-e", f"{tmp}/n.log", "-c", f"{tmp}/n.conf"])]
    try:
        for _ in range(60):
            if all(get(at[k]) == 200 for k in ("short", "edns")) and sum(n.startswith("long") for n, t in asked) > 8: break
            time.sleep(0.5)
        time.sleep(3)
        seen = {k: get(at[k]) for k in kinds} | {"nginx": get(ng)}
    finally:
        for p in run: p.terminate(); p.wait()
async def cares(): return len((await aiodns.DNSResolver(nameservers=["127.0.0.1"], udp_port=port, tcp_port=port).getaddrinfo("long.example", family=socket.AF_INET)).nodes)
seen["c-ares"] = asyncio.run(cares()); print(seen)
sys.exit(seen != {"short": 200, "plain": 503, "edns": 200, "tcp": 503, "nginx": 200, "c-ares": 8})
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "a truncated answer is treated otherwise"
