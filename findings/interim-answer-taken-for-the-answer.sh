#!/usr/bin/env bash
# Surprise: an interim answer before the redirect makes requests report status 103 and Node's fetch fail.
# Versions: requests 2.34.2 (Python's http.client), httpx 0.28.1, aiohttp 3.14.5, curl 7.88.1, Node 20.
# Behaviour: edges send "103 Early Hints", and some a "100 Continue" nobody asked for, before the real answer. requests
#   gives 103 as the final status, without Location. fetch in Node 20 breaks the connection at an unasked 100.
#   httpx, aiohttp and curl see the 302 both times. RFC 9110 (15.2): a client must be able to parse them even unasked.
# Guess: every client skips 1xx.
# Seen: 103: requests (103, None), the others 302; 100: Node UND_ERR_SOCKET, the others 302.
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

need curl curl; need node nodejs
curl --version | sed -n 1p; node --version
venv requests==2.34.2 httpx==0.28.1 aiohttp==3.14.5
cat > "$tmp/t.py" <<'P'
import asyncio, socket, subprocess, sys, threading
import aiohttp, httpx, requests
real = b"HTTP/1.1 302 Found\r\nLocation: https://shop.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
first = {"103": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n", "100": b"HTTP/1.1 100 Continue\r\n\r\n"}
s = socket.create_server(("127.0.0.1", 0)); base = f"http://127.0.0.1:{s.getsockname()[1]}/"
def serve():
    while True:
        c, _ = s.accept(); c.settimeout(5); b = b""
        try:
            while b"\r\n\r\n" not in b: b += c.recv(65536)
            c.sendall(first[b.split(b" ")[1].decode().strip("/")] + real); c.shutdown(socket.SHUT_WR); c.recv(1)
        except OSError: pass
        c.close()
threading.Thread(target=serve, daemon=True).start()
async def aio(u):
    async with aiohttp.ClientSession() as x:
        async with x.get(u, allow_redirects=False) as r: return str(r.status)
js = """fetch(process.argv[1],{redirect:'manual',signal:AbortSignal.timeout(8000)}).then(r=>console.log(r.status)).catch(e=>console.log(e.cause&&e.cause.code))"""
def run(*c): return subprocess.run(c, capture_output=True, text=True, timeout=20).stdout.strip()
seen = {}
for k in first:
    u = base + k
    r = requests.get(u, allow_redirects=False, timeout=5)
    seen[k] = {"requests": f"{r.status_code} {r.headers.get('Location')}", "httpx": str(httpx.get(u).status_code), "aiohttp": asyncio.run(aio(u)),
               "curl": run("curl", "-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", u), "node": run("node", "-e", js, u)}
    print(k, seen[k])
ok = seen["103"] == {"requests": "103 None", "httpx": "302", "aiohttp": "302", "curl": "302", "node": "302"}
ok &= seen["100"] == {"requests": "302 https://shop.example/", "httpx": "302", "aiohttp": "302", "curl": "302", "node": "UND_ERR_SOCKET"}
sys.exit(not ok)
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "interim answers are treated otherwise"
