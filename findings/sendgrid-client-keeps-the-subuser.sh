#!/usr/bin/env bash
# Surprise: SendGrid's own Python client, told once for one call to speak for a subuser, speaks for it in every later call.
# Versions: sendgrid 6.12.5, python-http-client 3.3.7.
# Behaviour: `request_headers` of a call are added to the client's own and stay there, also for other paths of the same client.
#   A second call without them still carries `on-behalf-of`, so it reads, or changes, the subuser's objects and not the account's.
# Guess: headers that are given to a call are that call's.
# Seen: first call without, second with `on-behalf-of: news`, third (nothing given) again with it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv sendgrid==6.12.5 python-http-client==3.3.7
cat > "$tmp/t.py" <<'P'
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
seen = []
class Vendor(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self):
        seen.append(self.headers.get("on-behalf-of")); body = b"[]"
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
s = HTTPServer(("127.0.0.1", 0), Vendor); threading.Thread(target=s.serve_forever, daemon=True).start()
import sendgrid
client = sendgrid.SendGridAPIClient("key", host=f"http://127.0.0.1:{s.server_port}").client
client.scopes.get()
client.whitelabel.links.get(request_headers={"on-behalf-of": "news"})
client.whitelabel.links.get()
print(seen)
sys.exit(seen != [None, "news", "news"])
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "a call's headers are that call's now"
