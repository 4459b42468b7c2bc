#!/usr/bin/env bash
# Surprise: a record that was created is reported as "already exists" by the vendors' own clients.
# Versions: cloudflare 5.9.0, boto3 and botocore 1.44.8.
# Behaviour: when the answer to a create is lost (connection closed after the request was carried out), both clients send the same
#   POST again on their own, without an idempotency key, and raise the second answer: 81058 "An identical record already exists" or
#   InvalidChangeBatch "it already exists". cloudflare does so after a 502 as well. The caller takes its own record for a stranger's.
# Guess: only requests that may be repeated are repeated; a POST whose answer was lost raises a connection error.
# Seen: two POSTs each time, one record, BadRequestError 81058 / InvalidChangeBatch.
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

venv cloudflare==5.9.0 boto3==1.44.8 botocore==1.44.8
cat > "$tmp/t.py" <<'P'
import json, socket, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
posts, made = [], set()
class Vendor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def say(self, status, kind, body):
        self.send_response(status); self.send_header("Content-Type", kind); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])); posts.append(self.headers.get("Idempotency-Key"))
        if body not in made:
            made.add(body)
            if b"gateway" in body: return self.say(502, "application/json", b"{}")
            self.connection.shutdown(socket.SHUT_RDWR); self.close_connection = True; return
        if "rrset" in self.path:
            return self.say(400, "text/xml", b'<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>it already exists</Message></Error><RequestId>1</RequestId></ErrorResponse>')
        self.say(400, "application/json", json.dumps({"success": False, "errors": [{"code": 81058, "message": "An identical record already exists."}], "messages": [], "result": None}).encode())
s = ThreadingHTTPServer(("127.0.0.1", 0), Vendor); threading.Thread(target=s.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{s.server_port}"; bad = 0
import boto3, cloudflare
cf = cloudflare.Cloudflare(api_token="t" * 40, base_url=url + "/client/v4")
r53 = boto3.client("route53", region_name="us-east-1", endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b")
rr = {"Name": "click.links.example", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "edge.example"}]}
calls = {"cloudflare, closed": lambda: cf.dns.records.create(zone_id="z", type="CNAME", name="click.links.example", content="edge.example", ttl=300),
         "cloudflare, 502": lambda: cf.dns.records.create(zone_id="z", type="CNAME", name="gateway.links.example", content="edge.example", ttl=300),
         "boto3, closed": lambda: r53.change_resource_record_sets(HostedZoneId="Z", ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": rr}]})}
for what, call in calls.items():
    posts.clear()
    try: call(); said = "no error"
    except Exception as e: said = f"{type(e).__name__} {e}"
    print(what, "| POSTs:", len(posts), "| keys:", posts, "|", said[:90])
    bad += posts != [None, None] or not ("81058" in said or "InvalidChangeBatch" in said)
sys.exit(bad)
P
env -u AWS_PROFILE AWS_EC2_METADATA_DISABLED=true HOME="$tmp" "$tmp/v/bin/python" "$tmp/t.py" || fail "a lost answer is treated otherwise"
