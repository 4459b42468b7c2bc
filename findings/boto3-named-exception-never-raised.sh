#!/usr/bin/env bash
# Surprise: the exception that boto3 documents for a CloudWatch dashboard that is not there is never raised; another one is, or none of its own.
# Versions: boto3 1.44.5, botocore 1.44.5.
# Behaviour: `GetDashboard` names DashboardNotFoundError, and `client.exceptions` has that class. CloudWatch's model is compatible with its old
#   query protocol: the answer has the new name in its body and the old one, ResourceNotFound, in `x-amzn-query-error`. botocore takes the
#   old one for the code, by which it looks the class up, so `client.exceptions.ResourceNotFound` is raised, which the page names for
#   DeleteAlarms alone. Without that header it is a bare ClientError, for no class is listed under the new name. `except
#   client.exceptions.DashboardNotFoundError` catches neither.
# Guess: the class that the page of the call names is raised.
# Seen: with the header ResourceNotFound, without it ClientError.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv boto3==1.44.5 botocore==1.44.5
cat > "$tmp/t.py" <<'P'
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
import boto3
from botocore.config import Config
old_name = []
class CloudWatch(BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"__type": "com.amazonaws.cloudwatch#DashboardNotFoundError", "message": "Dashboard mail does not exist"}'
        self.send_response(404); self.send_header("Content-Type", "application/x-amz-json-1.0")
        for value in old_name: self.send_header("x-amzn-query-error", value)
        self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
s = HTTPServer(("127.0.0.1", 0), CloudWatch); threading.Thread(target=s.serve_forever, daemon=True).start()
client = boto3.client("cloudwatch", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
                      endpoint_url=f"http://127.0.0.1:{s.server_port}", config=Config(retries={"max_attempts": 1}))
operation = client.meta.service_model.operation_model("GetDashboard")
assert "DashboardNotFoundError" in [shape.name for shape in operation.error_shapes]
seen = []
for given in (["ResourceNotFound;Sender"], []):
    old_name[:] = given
    try: client.get_dashboard(DashboardName="mail")
    except client.exceptions.DashboardNotFoundError: seen.append("DashboardNotFoundError")
    except client.exceptions.ClientError as error: seen.append(type(error).__name__)
print(seen)
sys.exit(seen != ["ResourceNotFound", "ClientError"])
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "the exception that the page names is raised now"
