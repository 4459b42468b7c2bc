#!/usr/bin/env bash
# Surprise: told once to follow a click link, curl, aiohttp, urllib3 and Go ask twice, so one click is counted as two; curl sends a POST twice too.
# Versions: curl 7.88.1 (Debian 12), aiohttp 3.14.5, urllib3 2.8.0, requests 2.34.2, httpx 0.28.1, Go 1.26, Node 20.
# Behaviour: an edge closes a kept connection after it has read (and passed on, and counted) the second request on it, without an answer. curl
#   without --retry repeats whatever the method is; aiohttp and urllib3 (its default Retry) repeat GET and DELETE, Go GET alone. All of them
#   report 200 and say nothing. requests, which is built on urllib3, httpx and Node's fetch ask once and raise.
# Guess: a library that is not told to retry does not, and surely not a POST; requests does as urllib3 does.
# Seen (requests at the server for one call of GET / DELETE / POST): curl 2 2 2, aiohttp and urllib3 2 2 1, Go 2 1 1, the others 1 1 1.
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

need curl curl; need node nodejs; need go golang
curl --version | sed -n 1p; go version; node --version
venv aiohttp==3.14.5 urllib3==2.8.0 requests==2.34.2 httpx==0.28.1
mkdir "$tmp/m"
printf 'module asked\n\ngo 1.24\n' > "$tmp/m/go.mod"
cat > "$tmp/m/main.go" <<'G'
package main

import (
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	c := &http.Client{Transport: &http.Transport{}}
	r, err := c.Get(os.Args[1] + "/warm")
	if err != nil {
		panic(err)
	}
	io.Copy(io.Discard, r.Body)
	r.Body.Close()
	var body io.Reader
	if os.Args[2] == "POST" {
		body = strings.NewReader("a=1")
	}
	q, _ := http.NewRequest(os.Args[2], os.Args[1]+"/go", body)
	if r, err = c.Do(q); err == nil {
		r.Body.Close()
	}
}
G
(cd "$tmp/m" && go build -o "$tmp/asked" .)
cat > "$tmp/fetch.js" <<'J'
const [url, method] = process.argv.slice(2);
(async () => {
  await (await fetch(url + "/warm")).text();
  await new Promise((r) => setTimeout(r, 50));
  await fetch(url + "/fetch", { method, body: method === "POST" ? "a=1" : undefined }).catch(() => {});
  process.exit(0);
})();
J
cat > "$tmp/t.py" <<'P'
import asyncio, collections, contextlib, socket, subprocess, sys, threading
import aiohttp, httpx, requests, urllib3
tmp, count = sys.argv[1], collections.Counter()
lst = socket.socket(); lst.bind(("127.0.0.1", 0)); lst.listen(16); url = f"http://127.0.0.1:{lst.getsockname()[1]}"
def talk(c):
    with c, c.makefile("rb") as f, contextlib.suppress(OSError):
        earlier = 0
        while line := f.readline():
            length = 0
            while (h := f.readline()).strip():
                if h.lower().startswith(b"content-length:"): length = int(h.split(b":")[1])
            f.read(length); method, path, _ = line.decode().split(); count[path[1:], method] += 1
            if earlier and path != "/warm": c.shutdown(socket.SHUT_RDWR); return
            earlier += 1; c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
def serve():
    while True: threading.Thread(target=talk, args=(lst.accept()[0],), daemon=True).start()
threading.Thread(target=serve, daemon=True).start()
async def by_aiohttp(m, body):
    async with aiohttp.ClientSession() as s:
        await (await s.get(url + "/warm")).read(); await (await s.request(m, url + "/aiohttp", data=body)).read()
for m in ("GET", "DELETE", "POST"):
    body = b"a=1" if m == "POST" else None
    with contextlib.suppress(aiohttp.ClientError): asyncio.run(by_aiohttp(m, body))
    with contextlib.suppress(urllib3.exceptions.HTTPError): p = urllib3.PoolManager(); p.request("GET", url + "/warm"); p.request(m, url + "/urllib3", body=body)
    with contextlib.suppress(requests.RequestException): r = requests.Session(); r.get(url + "/warm"); r.request(m, url + "/requests", data=body)
    with contextlib.suppress(httpx.HTTPError): h = httpx.Client(); h.get(url + "/warm"); h.request(m, url + "/httpx", content=body)
    subprocess.run(["curl", "-s", "-o", f"{tmp}/o", url + "/warm", "--next", "-s", "-o", f"{tmp}/o", "-X", m, *(["-d", "a=1"] if body else []), url + "/curl"], timeout=60)
    subprocess.run([f"{tmp}/asked", url, m], check=True, timeout=60); subprocess.run(["node", f"{tmp}/fetch.js", url, m], check=True, timeout=60)
seen = {c: [count[c, m] for m in ("GET", "DELETE", "POST")] for c in ("curl", "aiohttp", "urllib3", "go", "requests", "httpx", "fetch")}
print(seen)
sys.exit(seen != {"curl": [2, 2, 2], "aiohttp": [2, 2, 1], "urllib3": [2, 2, 1], "go": [2, 1, 1], "requests": [1, 1, 1], "httpx": [1, 1, 1], "fetch": [1, 1, 1]})
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "the clients repeat otherwise"
