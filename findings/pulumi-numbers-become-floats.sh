#!/usr/bin/env bash
# Surprise: whole numbers in another stack's outputs come back as floats in Python, and long ones lose digits, in silence.
# Versions: pulumi 3.272.0 (Python SDK alone, with its mocks).
# Behaviour: outputs travel as protobuf doubles. `ttl: 300` of a StackReference is 300.0, so an f-string makes "300.0" (no TTL
#   in a zone); a 12-digit account number becomes "123456789012.0" in an ARN; a 20-digit id is another number.
# Guess: an int stays an int, as within one program's typed outputs.
# Seen: ttl "300.0", account "123456789012.0", id 12345678901234567890 -> 1.2345678901234567e+19.
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

venv pulumi==3.272.0
cat > "$tmp/t.py" <<'P'
import asyncio, sys
import pulumi
from pulumi.runtime import mocks, set_mocks
from pulumi.runtime.stack import run_pulumi_func
class Mocks(mocks.Mocks):
    def new_resource(self, a):
        return [a.name, dict(a.inputs, outputs={"ttl": 300, "account": 123456789012, "id": 12345678901234567890, "name": "click"})]
    def call(self, a): return {}
loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop); set_mocks(Mocks(), preview=False); seen = {}
def program():
    r = pulumi.StackReference("org/dns/prod")
    for k in ("ttl", "account", "id", "name"): r.get_output(k).apply(lambda v, k=k: seen.__setitem__(k, f"{v}"))
loop.run_until_complete(run_pulumi_func(program)); print(seen)
sys.exit(seen != {"ttl": "300.0", "account": "123456789012.0", "id": "1.2345678901234567e+19", "name": "click"})
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "numbers arrive otherwise"
