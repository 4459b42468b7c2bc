#!/usr/bin/env bash
# Surprise: Python's own cookie parser finds no cookie at all in a Set-Cookie with "Partitioned", and makes a second cookie of "Priority=High".
# Versions: Python 3.11 to 3.13 (http.cookies); requests 2.34.2, httpx 0.28.1, aiohttp 3.14.5.
# Behaviour: a tracking host below the site's own domain sets `uid=…; Secure; HttpOnly; SameSite=None; Partitioned` (CHIPS). For SimpleCookie a
#   word without a value that it does not know makes the whole header invalid, silently: the test that looks for the cookie says that it is
#   not set. A word with a value is a cookie of its own, and what follows it (`Secure`) belongs to that one. RFC 6265 §5.2: unknown attributes are ignored.
# Guess: an unknown attribute is ignored; the cookie is there.
# Seen: SimpleCookie: nothing; uid without Secure and a cookie Priority; requests, httpx, aiohttp: uid alone, both times.
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
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv requests==2.34.2 httpx==0.28.1 aiohttp==3.14.5
cat > "$tmp/t.py" <<'P'
import asyncio, sys, threading
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import aiohttp, httpx, requests
if sys.version_info >= (3, 14): print("Python 3.14 knows Partitioned"); sys.exit(0)
sets = {"partitioned": "uid=abc; Path=/; Secure; HttpOnly; SameSite=None; Partitioned", "priority": "uid=abc; Path=/; Priority=High; Secure"}
class Tracker(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self): self.send_response(204); self.send_header("Set-Cookie", sets[self.path[1:]]); self.end_headers()
s = ThreadingHTTPServer(("127.0.0.1", 0), Tracker); threading.Thread(target=s.serve_forever, daemon=True).start(); url = f"http://127.0.0.1:{s.server_port}/"
async def by_aiohttp(u):
    async with aiohttp.ClientSession() as c, c.get(u) as r: return sorted(r.cookies)
seen = {}
for k, v in sets.items():
    own = SimpleCookie(); own.load(v)
    seen[k] = {"SimpleCookie": {n: bool(m["secure"]) for n, m in own.items()}, "requests": sorted(requests.get(url + k).cookies.keys()), "httpx": sorted(httpx.get(url + k).cookies.keys()), "aiohttp": asyncio.run(by_aiohttp(url + k))}
    print(k, seen[k])
others = {"requests": ["uid"], "httpx": ["uid"], "aiohttp": ["uid"]}
sys.exit(seen != {"partitioned": {"SimpleCookie": {}} | others, "priority": {"SimpleCookie": {"uid": False, "Priority": True}} | others})
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "the cookies are read otherwise"
