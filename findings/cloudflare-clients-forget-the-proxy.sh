#!/usr/bin/env bash
# Surprise: who moves a proxied Cloudflare record to another target through lexicon or libcloud takes it out of Cloudflare's proxy.
# Versions: dns-lexicon 3.25.2, apache-libcloud 3.9.1; cloudflare 5.9.0 for comparison.
# Behaviour: both update by PUT, by which Cloudflare overwrites the whole record ("Overwrite an existing DNS record", says its own client),
#   and leave `proxied`, `settings` and `comment` out. lexicon reads the record before and puts its own TTL of 3600 in. libcloud puts what it read, and
#   what the caller asks for (`extra={"proxied": True, "ttl": 1}`), into a member "extra", which the API does not have; and a call that changes
#   the TTL alone sends `content: null`. Its create has both members where they belong. `dns.records.edit` of Cloudflare's client is a PATCH.
# Guess: a change of the target changes the target: PATCH, or all that was read is sent back.
# Seen: lexicon PUT content, name, ttl 3600, type; libcloud PUT content, extra, name, type; cloudflare PATCH content, name, type, ttl 1.
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

venv dns-lexicon==3.25.2 apache-libcloud==3.9.1 cloudflare==5.9.0
cat > "$tmp/t.py" <<'P'
import functools, inspect, json, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cloudflare, tldextract
from lexicon._private.providers.cloudflare import Provider
from lexicon.client import Client
from lexicon.config import ConfigResolver
from libcloud.dns.drivers.cloudflare import CloudFlareDNSDriver
at = "2026-01-01T00:00:00Z"
record = {"id": "r", "type": "CNAME", "name": "click.example.com", "content": "old.example.com", "ttl": 1, "proxied": True, "proxiable": True, "comment": "prod", "settings": {"flatten_cname": False}, "created_on": at, "modified_on": at}
zone = {"id": "z", "name": "example.com", "status": "active", "type": "full"}; sent = []
class Vendor(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def say(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)); path = self.path.split("?")[0]
        if self.command != "GET": sent.append((self.command, json.loads(body)))
        result = [zone] if path.endswith("/zones") else zone if path.endswith("/z") else [record] if path.endswith("/dns_records") and self.command == "GET" else record
        out = json.dumps({"success": True, "errors": [], "messages": [], "result": result, "result_info": {"page": 1, "per_page": 100, "total_pages": 1, "count": 1, "total_count": 1}}).encode()
        self.send_response(200); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(out))); self.end_headers(); self.wfile.write(out)
    do_GET = do_PUT = do_PATCH = do_POST = say
s = ThreadingHTTPServer(("127.0.0.1", 0), Vendor); threading.Thread(target=s.serve_forever, daemon=True).start(); url = f"http://127.0.0.1:{s.server_port}/client/v4"
tldextract.TLDExtract = functools.partial(tldextract.TLDExtract, suffix_list_urls=())  # its own snapshot: no look-up outside
made = Provider.__init__
def init(self, config): made(self, config); self.api_endpoint = url
Provider.__init__ = init
with Client(ConfigResolver().with_dict({"provider_name": "cloudflare", "domain": "example.com", "cloudflare": {"auth_token": "t" * 40, "zone_id": "z"}})) as c: c.update_record(rtype="CNAME", name="click", content="new.example.com")
d = CloudFlareDNSDriver("t" * 40, secure=False, host="127.0.0.1", port=s.server_port); z = d.list_zones()[0]; r = d.list_records(z)[0]
d.update_record(r, data="new.example.com", extra={"proxied": True, "ttl": 1}); d.update_record(r, extra={"ttl": 300}); d.create_record("other", z, "CNAME", "new.example.com", extra={"proxied": True, "ttl": 1})
own = cloudflare.Cloudflare(api_token="t" * 40, base_url=url); own.dns.records.edit("r", zone_id="z", type="CNAME", name="click.example.com", content="new.example.com", ttl=1)
for m, b in sent: print(m, json.dumps(b))
(lm, lex), (um, upd), (tm, ttl), (cm, create), (em, edit) = sent
sys.exit(not (lm == um == tm == "PUT" and em == "PATCH" and set(lex) == {"type", "name", "content", "ttl"} and lex["ttl"] == 3600 and set(upd) == {"type", "name", "content", "extra"}
    and upd["extra"]["proxied"] is True and upd["extra"]["ttl"] == 1 and ttl["content"] is None and create["proxied"] is True and create["ttl"] == 1 and "Overwrite an existing DNS record" in inspect.getsource(inspect.getmodule(type(own.dns.records)))))
P
HOME="$tmp" "$tmp/v/bin/python" "$tmp/t.py" || fail "the clients update otherwise"
