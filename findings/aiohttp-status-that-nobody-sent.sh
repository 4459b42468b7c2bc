#!/usr/bin/env bash
# Surprise: aiohttp reports status 400 for answers in which the server said 302.
# Versions: aiohttp 3.14.5, httpx 0.28.1.
# Behaviour: whatever aiohttp cannot parse or unpack becomes ClientResponseError with `.status == 400`: a Location over 8,190
#   bytes, an answer packed with brotli where the Brotli package is not installed. A checker
#   that reads `.status` of the error blames the sender's host for a 400. httpx reads the same answers as 302.
# Guess: a parsing failure has no status, or the one that was received.
# Seen: two answers "302 Found": aiohttp status 400 both times; httpx 302 both times.
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
ports() { python3 -c 'import socket,sys
s=[]
for _ in range(int(sys.argv[1])):
    x=socket.socket(); x.bind(("127.0.0.1",0)); s.append(x)
print(*[x.getsockname()[1] for x in s])' "$1"; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv aiohttp==3.14.5 httpx==0.28.1
cat > "$tmp/t.py" <<'P'
import asyncio, importlib.util, socket, sys, threading
import aiohttp, httpx
assert not importlib.util.find_spec("brotli") and not importlib.util.find_spec("brotlicffi")
head = b"HTTP/1.1 302 Found\r\nConnection: close\r\n"
answers = {
    "long": head + b"Location: https://shop.example/?" + b"x" * 8300 + b"\r\nContent-Length: 0\r\n\r\n",
    "brotli": head + b"Location: https://shop.example/\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n\x0b\x00\x80X\x03",
}
s = socket.create_server(("127.0.0.1", 0)); base = f"http://127.0.0.1:{s.getsockname()[1]}/"
def serve():
    while True:
        c, _ = s.accept(); c.settimeout(5); b = b""
        while b"\r\n\r\n" not in b: b += c.recv(65536)
        c.sendall(answers[b.split(b" ")[1].decode().strip("/")]); c.close()
threading.Thread(target=serve, daemon=True).start()
async def aio(u):
    async with aiohttp.ClientSession() as x:
        try:
            async with x.get(u, allow_redirects=False) as r: return "answer", r.status
        except aiohttp.ClientResponseError as e: return "error", e.status
bad = 0
for k in answers:
    a, h = asyncio.run(aio(base + k)), httpx.get(base + k).status_code
    print(f"{k:7} aiohttp: {a[0]} with status {a[1]}   httpx: {h}"); bad += a != ("error", 400) or h != 302
sys.exit(bad)
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "aiohttp reports another status"
