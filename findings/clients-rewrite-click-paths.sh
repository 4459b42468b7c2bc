#!/usr/bin/env bash
# Surprise: the client that checks a click link asks for another URL than the one in the mail, each client for another one.
# Versions: aiohttp 3.14.5 (yarl 1.25.1), requests 2.34.2 (urllib3 2.8.0), httpx 0.28.1, curl 7.88.1 (Debian 12).
# Behaviour, read at a socket: aiohttp decodes %3B in a path to ";" and drops a bare "?"; requests turns "%2e%2e" into
#   real dots; aiohttp resolves it away; both turn %zz into %25zz and %7E into "~". httpx and curl send all of that as it
#   stands, but drop "/a/../". A signed link, or an origin that splits at ";", sees another request than a reader sends.
# Guess: only unreserved characters (%7E) are normalised, and only by requests.
# Seen: as asserted below (what each client puts into its request line).
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

need curl curl
curl --version | sed -n 1p
venv aiohttp==3.14.5 yarl==1.25.1 requests==2.34.2 urllib3==2.8.0 httpx==0.28.1
cat > "$tmp/t.py" <<'P'
import asyncio, socket, subprocess, sys, threading
import aiohttp, httpx, requests
lines = []
s = socket.create_server(("127.0.0.1", 0)); base = f"http://127.0.0.1:{s.getsockname()[1]}"
def serve():
    while True:
        c, _ = s.accept(); c.settimeout(5); b = b""
        while b"\r\n\r\n" not in b: b += c.recv(65536)
        lines.append(b.split(b"\r\n")[0].decode("latin-1").split(" ")[1])
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"); c.close()
threading.Thread(target=serve, daemon=True).start()
async def aio(u):
    async with aiohttp.ClientSession() as x:
        async with x.get(u) as r: await r.read()
clients = {"aiohttp": lambda u: asyncio.run(aio(u)), "requests": lambda u: requests.get(u, timeout=5),
           "httpx": lambda u: httpx.get(u, timeout=5),
           "curl": lambda u: subprocess.run(["curl", "-sg", "-m", "5", "-o", "/dev/null", u], check=True)}
want = {
    "/f/a%3Bb/c": {"aiohttp": "/f/a;b/c"},
    "/open?": {"aiohttp": "/open", "requests": "/open"},
    "/f/%7Eu": {"aiohttp": "/f/~u", "requests": "/f/~u"},
    "/f/%2e%2e/c": {"aiohttp": "/c", "requests": "/f/../c"},
    "/c?u=%zz": {"aiohttp": "/c?u=%25zz", "requests": "/c?u=%25zz"},
    "/f/../c": {"aiohttp": "/c", "requests": "/c", "httpx": "/c", "curl": "/c"},
    "/f/a%2Fb?upn=x%2By": {},
}
bad = 0
for path, changed in want.items():
    for name, get in clients.items():
        lines.clear(); get(base + path)
        w = changed.get(name, path); bad += lines != [w]
        if lines != [path]: print(f"{path:20} {name:9} {lines[0]}" + ("" if lines == [w] else f"   expected {w}"))
sys.exit(bad)
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "clients rewrite other URLs than what was seen"
