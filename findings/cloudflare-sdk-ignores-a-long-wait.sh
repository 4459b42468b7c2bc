#!/usr/bin/env bash
# Surprise: asked to wait 300 seconds, Cloudflare's own client asks again after half a second, twice, and gives up.
# Versions: cloudflare 5.9.0.
# Behaviour: Retry-After is obeyed up to 60 seconds only; above that it is ignored in favour of a back-off of 0.5 and 1 second.
#   Cloudflare's rate limit blocks for five minutes, so the two extra requests always fall into the block.
# Guess: it waits as told, or raises at once.
# Seen: Retry-After 2: requests at about 0, 2, 4 s; 300: three requests within 4 s, then RateLimitError.
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

venv cloudflare==5.9.0
cat > "$tmp/t.py" <<'P'
import sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
at, wait = [], "2"
class Vendor(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self):
        at.append(time.monotonic()); body = b'{"success":false,"errors":[{"code":971,"message":"rate limited"}],"messages":[],"result":null}'
        self.send_response(429); self.send_header("Retry-After", wait); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
s = ThreadingHTTPServer(("127.0.0.1", 0), Vendor); threading.Thread(target=s.serve_forever, daemon=True).start()
import cloudflare
c = cloudflare.Cloudflare(api_token="t" * 40, base_url=f"http://127.0.0.1:{s.server_port}/client/v4")
gaps = {}
for wait in ("2", "300"):
    at.clear()
    try: c.dns.records.get("r", zone_id="z"); sys.exit("no error")
    except cloudflare.RateLimitError: pass
    gaps[wait] = [b - a for a, b in zip(at, at[1:])]; print("Retry-After", wait, "->", len(at), "requests, gaps", [round(g, 1) for g in gaps[wait]])
sys.exit(not (len(gaps["2"]) == len(gaps["300"]) == 2 and min(gaps["2"]) >= 2 and max(gaps["300"]) < 60))
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "Retry-After is treated otherwise"
