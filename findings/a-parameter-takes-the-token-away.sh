#!/usr/bin/env bash
# Surprise: whoever adds one parameter to a click link by an HTTP client's own argument loses the link's token, or spoils it, by some clients.
# Versions: httpx 0.28.1, requests 2.32.5, urllib3 2.5.0, aiohttp 3.13.2; Python 3.11.
# Behaviour, for GET /ls/click?upn=TOKEN with `params` (urllib3: `fields`):
#   {"a": "1"}   requests and aiohttp send ?upn=TOKEN&a=1. httpx sends ?a=1: what is given takes the place of the whole query. urllib3 sends
#                ?upn=TOKEN?a=1, so that the token ends with "?a=1".
#   {}           httpx.get drops the query all the same; the others leave it. An httpx.Client made with {} leaves it.
#   {"a": None}  requests leaves it out, httpx writes "a=", urllib3 "a=None", aiohttp refuses with TypeError.
# Guess: all add to the query that the URL has, and an empty mapping changes nothing.
# Seen: as said. A checker that marks its own requests so follows another link than the reader's.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/v"
"$tmp/v/bin/pip" -q --disable-pip-version-check install httpx==0.28.1 requests==2.32.5 urllib3==2.5.0 aiohttp==3.13.2
cat > "$tmp/ask.py" <<'P'
import asyncio
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import httpx
import requests
import urllib3

seen = []


class Origin(BaseHTTPRequestHandler):
    def do_GET(self):
        seen.append(self.path.partition("/ls/click")[2])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


origin = ThreadingHTTPServer(("127.0.0.1", 0), Origin)
threading.Thread(target=origin.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{origin.server_port}/ls/click?upn=u001.token"


async def by_aiohttp(params):
    async with aiohttp.ClientSession() as session, session.get(url, params=params) as answer:
        await answer.read()


def query(ask):
    seen.clear()
    try:
        ask()
    except TypeError:
        return "TypeError"
    return seen[0]


kept = "?upn=u001.token"
expected = {
    "one": ["?a=1", "?a=1", f"{kept}&a=1", f"{kept}?a=1", f"{kept}&a=1"],
    "empty": ["", kept, kept, kept, kept],
    "none": ["?a=", "?a=", kept, f"{kept}?a=None", "TypeError"],
}
names = ("httpx.get", "httpx.Client", "requests", "urllib3", "aiohttp")
for case, params in (("one", {"a": "1"}), ("empty", {}), ("none", {"a": None})):
    found = [
        query(lambda: httpx.get(url, params=params)),
        query(lambda: httpx.Client(params=params).get(url)),
        query(lambda: requests.get(url, params=params)),
        query(lambda: urllib3.PoolManager().request("GET", url, fields=params)),
        query(lambda: asyncio.run(by_aiohttp(params))),
    ]
    print(f"{params}: " + ", ".join(f"{name} {one or 'no query'}" for name, one in zip(names, found)))
    if found != expected[case]:
        sys.exit(f"CHANGED: {case}: {found}")
origin.shutdown()
P
timeout 60 "$tmp/v/bin/python" "$tmp/ask.py"
