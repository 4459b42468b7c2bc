#!/usr/bin/env bash
# Surprise: a misspelt key in a nested dict argument goes out to the provider; the same slip one level up is a TypeError.
# Versions: pulumi 3.272.0, pulumi-cloudflare 6.23.1 (SDK alone, with mocks).
# Behaviour: `settings={"flatten_cname": False}` is translated to flattenCname; `{"flatten_cnames": False}` passes as it is, so the
#   setting that keeps a branded CNAME from being flattened is not set, without an error in Python. DnsRecordSettingsArgs(...)
#   and the resource's own arguments refuse the same slip.
# Guess: nested arguments are checked like the outer ones.
# Seen: outer typo TypeError, Args class TypeError, dict: inputs {"flatten_cnames": False}.
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

venv pulumi==3.272.0 pulumi-cloudflare==6.23.1
cat > "$tmp/t.py" <<'P'
import asyncio, sys
import pulumi
from pulumi.runtime import mocks, set_mocks
from pulumi.runtime.stack import run_pulumi_func
sent = {}
class Mocks(mocks.Mocks):
    def new_resource(self, a): sent[a.name] = a.inputs.get("settings"); return [a.name, a.inputs]
    def call(self, a): return {}
loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop); set_mocks(Mocks(), preview=False); raised = {}
import pulumi_cloudflare as cf
base = dict(zone_id="z", name="click", type="CNAME", content="edge.example", ttl=300)
def program():
    cf.DnsRecord("right", settings={"flatten_cname": False}, **base)
    cf.DnsRecord("typo", settings={"flatten_cnames": False}, **base)
    for what, call in (("outer", lambda: cf.DnsRecord("o", setting={}, **base)), ("args", lambda: cf.DnsRecordSettingsArgs(flatten_cnames=False))):
        try: call()
        except TypeError as e: raised[what] = "TypeError"
loop.run_until_complete(run_pulumi_func(program)); print(sent, raised)
sys.exit(sent != {"right": {"flattenCname": False}, "typo": {"flatten_cnames": False}} or raised != {"outer": "TypeError", "args": "TypeError"})
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "nested arguments are treated otherwise"
