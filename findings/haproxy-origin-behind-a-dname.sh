#!/usr/bin/env bash
# Surprise: haproxy answers 503 for every click when the origin's name lies below a DNAME, although the answer has the CNAME and the address.
# Versions: haproxy 2.6.12, nginx 1.22.1, BIND 9.18 (Debian 12), aiodns 4.0.4 (c-ares).
# Behaviour: a server puts the DNAME before the CNAME that it makes of it (RFC 6672, 3.1), and resolvers hand it on. haproxy wants each record's
#   owner to be the name asked for or the last CNAME's target, takes the DNAME for a broken answer, and the server stays in maintenance.
#   nginx and c-ares pass it over. The same name with a plain CNAME works, so it breaks when the sender moves a zone by DNAME.
# Guess: a client that wants addresses ignores records that it does not know.
# Seen: below the DNAME: haproxy 503, nginx 200, c-ares 127.0.0.1; by a CNAME to the same name: haproxy 200.
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

need haproxy haproxy; need nginx nginx; need named bind9
haproxy -v | sed -n 1p; nginx -v 2>&1; named -v
venv aiodns==4.0.4
cat > "$tmp/z" <<'Z'
$TTL 60
@ IN SOA ns.sender.example. host.sender.example. 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
old IN DNAME new
link.new IN A 127.0.0.1
alias IN CNAME link.new
Z
cat > "$tmp/t.py" <<'P'
import asyncio, socket, subprocess, sys, threading, time, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import aiodns
tmp = sys.argv[1]
class Origin(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self): self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
s = ThreadingHTTPServer(("127.0.0.1", 0), Origin); origin = s.server_port; threading.Thread(target=s.serve_forever, daemon=True).start()
def free():
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); return s.getsockname()[1]
dns, below, alias, ng = (free() for _ in range(4))
open(f"{tmp}/named.conf", "w").write(f'options {{ directory "{tmp}"; listen-on port {dns} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; pid-file "{tmp}/n.pid"; session-keyfile "{tmp}/s.key"; recursion no; notify no; }}; controls {{ }}; zone "sender.example" {{ type primary; file "{tmp}/z"; }};')
open(f"{tmp}/h.cfg", "w").write(f"defaults\n mode http\n timeout connect 2s\n timeout client 5s\n timeout server 5s\nresolvers r\n nameserver a 127.0.0.1:{dns}\n accepted_payload_size 1232\n timeout resolve 1s\n timeout retry 1s\n"
    + "".join(f"listen {n}\n bind 127.0.0.1:{p}\n server s {h}.sender.example:{origin} resolvers r resolve-prefer ipv4 init-addr none\n" for n, p, h in (("below", below, "link.old"), ("alias", alias, "alias"))))
temp = "".join(f"{t}_temp_path {tmp}/{t}; " for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
open(f"{tmp}/n.conf", "w").write(f"daemon off; pid {tmp}/ng.pid; error_log {tmp}/ng.log; events {{}} http {{ access_log off; {temp} resolver 127.0.0.1:{dns}; server {{ listen 127.0.0.1:{ng}; set $o link.old.sender.example; location / {{ proxy_pass http://$o:{origin}; }} }} }}")
def get(p):
    try: return urllib.request.urlopen(f"http://127.0.0.1:{p}/", timeout=20).status
    except urllib.error.HTTPError as e: return e.code
    except OSError: return 0
async def cares(): return [n.addr[0].decode() for n in (await aiodns.DNSResolver(nameservers=["127.0.0.1"], udp_port=dns, tcp_port=dns).getaddrinfo("link.old.sender.example", family=socket.AF_INET)).nodes]
with open(f"{tmp}/log", "w") as log:
    run = [subprocess.Popen(c, stdout=log, stderr=log) for c in (["named", "-g", "-c", f"{tmp}/named.conf"], ["haproxy", "-db", "-f", f"{tmp}/h.cfg"], ["nginx", "-p", tmp, "-e", f"{tmp}/ng.log", "-c", f"{tmp}/n.conf"])]
    try:
        for _ in range(60):
            if get(alias) == get(ng) == 200: break
            time.sleep(0.5)
        time.sleep(5)
        seen = {"haproxy, DNAME": get(below), "haproxy, CNAME": get(alias), "nginx, DNAME": get(ng), "c-ares, DNAME": asyncio.run(cares())}
    finally:
        for p in run: p.terminate(); p.wait()
print(seen)
sys.exit(list(seen.values()) != [503, 200, 200, ["127.0.0.1"]])
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "an origin behind a DNAME is treated otherwise"
