#!/usr/bin/env bash
# Surprise: a dict for a property that may have several types goes out with its Python keys; the provider does not know them.
# Versions: pulumi 3.272.0, pulumi-azure-native 3.29.0 (SDK alone, with mocks).
# Behaviour: `health_probe_settings={"probe_path": "/"}`, of one type, is translated to probePath. An action of `Rule` may be one of
#   nine types: `{"parameters": {"header_name": "Cookie"}}`, which the type hints offer (`…ArgsDict`), passes as it is, so the header is
#   not removed. The SDK's own classes (`DeliveryRuleRequestHeaderActionArgs`) are translated.
# Guess: dicts are translated wherever the type hints offer them.
# Seen: {"probePath"}, {"header_name", …}, {"headerName", …}.
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

venv pulumi==3.272.0 pulumi-azure-native==3.29.0 parver==0.5
cat > "$tmp/t.py" <<'P'
import asyncio, sys
from pulumi.runtime import mocks, set_mocks
from pulumi.runtime.stack import run_pulumi_func
sent = {}
class Mocks(mocks.Mocks):
    def new_resource(self, a): sent[a.name] = a.inputs; return [a.name, a.inputs]
    def call(self, a): return {}
loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop); set_mocks(Mocks(), preview=False)
from pulumi_azure_native import cdn
at = dict(profile_name="p", resource_group_name="g")
header = dict(type_name="DeliveryRuleHeaderActionParameters", header_action="Delete", header_name="Cookie")
def program():
    cdn.AFDOriginGroup("one", health_probe_settings={"probe_path": "/"}, **at)
    cdn.Rule("several", rule_set_name="r", actions=[{"name": "ModifyRequestHeader", "parameters": header}], **at)
    typed = cdn.DeliveryRuleRequestHeaderActionArgs(name="ModifyRequestHeader", parameters=cdn.HeaderActionParametersArgs(**header))
    cdn.Rule("typed", rule_set_name="r", actions=[typed], **at)
loop.run_until_complete(run_pulumi_func(program))
keys = [set(sent["one"]["healthProbeSettings"]), *(set(sent[name]["actions"][0]["parameters"]) for name in ("several", "typed"))]
print(*map(sorted, keys), sep="\n")
sys.exit(keys != [{"probePath"}, {"type_name", "header_action", "header_name"}, {"typeName", "headerAction", "headerName"}])
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "dicts of several types are treated otherwise"
