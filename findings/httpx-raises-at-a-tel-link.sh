#!/usr/bin/env bash
# Surprise: httpx cannot report a redirect to tel: or mailto: at all, although it was told to follow nothing.
# Versions: httpx 0.28.1, requests 2.34.2.
# Behaviour: with follow_redirects=False (the default) httpx still builds the next request from Location; for a URL without
#   "//" it raises httpx.InvalidURL, which is not an httpx.HTTPError: status and headers are lost, and `except httpx.HTTPError`
#   does not catch it. requests returns the 302.
# Guess: not following means that Location is only a header; and if it fails, then as an HTTPError.
# Seen: tel: and mailto: raise InvalidURL (not an HTTPError); requests: 302 both times.
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

venv httpx==0.28.1 requests==2.34.2
cat > "$tmp/t.py" <<'P'
import socket, sys, threading
import httpx, requests
targets = {"tel": "tel:+15550100", "mailto": "mailto:help@shop.example"}
s = socket.create_server(("127.0.0.1", 0)); base = f"http://127.0.0.1:{s.getsockname()[1]}/"
def serve():
    while True:
        c, _ = s.accept(); c.settimeout(5); b = b""
        while b"\r\n\r\n" not in b: b += c.recv(65536)
        t = targets[b.split(b" ")[1].decode().strip("/")]
        c.sendall(f"HTTP/1.1 302 Found\r\nLocation: {t}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()); c.close()
threading.Thread(target=serve, daemon=True).start()
bad = 0
for k in targets:
    try: h = httpx.get(base + k, follow_redirects=False).status_code
    except httpx.HTTPError as e: h = f"HTTPError {e}"
    except httpx.InvalidURL as e: h = "InvalidURL, no HTTPError"
    r = requests.get(base + k, allow_redirects=False, timeout=5).status_code
    print(k, "| httpx:", h, "| requests:", r); bad += h != "InvalidURL, no HTTPError" or r != 302
sys.exit(bad)
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "httpx treats such a Location otherwise"
