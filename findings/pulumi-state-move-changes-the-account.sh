#!/usr/bin/env bash
# Surprise: `pulumi state move` gives a record of one account to a provider of another account, exit 0, if both stacks' providers have one id.
# Versions: Pulumi CLI 3.276.0 (the one on PATH is taken), file backend; no provider plug-in takes part.
# Behaviour: a move takes the provider along. Where the other stack has one of that name with another id and other inputs, it refuses ("already exists in
#   destination stack"). Where the id is the same, as after an earlier move, the inputs are not compared: if the account was changed in one of
#   the stacks since, the record is from now on the other account's, and the next `up` or `destroy` sends its id there. With another id
#   and equal inputs the record is given to the provider that is there.
# Guess: what a provider is told decides, or nothing does; the same id with other inputs is refused as well.
# Seen: same id, other account: moved, provider of account B; other id, other account: refused; other id, same account: moved.
set -euo pipefail
tmp=$(mktemp -d)
cleanup() { rm -rf "$tmp"; }
trap cleanup EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || { echo "needs $1 (see $2), which is not installed" >&2; exit 2; }; }

need pulumi "README.md, Two commands"
case $(pulumi version) in v3.2[4-9]*|v3.[3-9]*) ;; *) echo "needs a Pulumi CLI 3.243 or newer" >&2; exit 2;; esac
pulumi version
mkdir "$tmp/backend" "$tmp/project"
export PULUMI_BACKEND_URL="file://$tmp/backend" PULUMI_CONFIG_PASSPHRASE=x PULUMI_HOME="$tmp/home" PULUMI_SKIP_UPDATE_CHECK=true
printf 'name: p\nruntime: yaml\n' > "$tmp/project/Pulumi.yaml"
cat > "$tmp/t.py" <<'P'
import json, subprocess, sys
tmp = sys.argv[1]
def pulumi(*words, **more): return subprocess.run(["pulumi", *words, "--non-interactive"], cwd=f"{tmp}/project", capture_output=True, text=True, timeout=120, **more)
def stack(name, ident, account, record):
    urn = lambda kind, n: f"urn:pulumi:{name}::p::{kind}::{n}"
    provider, root = urn("pulumi:providers:toy", "account"), urn("pulumi:pulumi:Stack", f"p-{name}")
    resources = [{"urn": root, "custom": False, "type": "pulumi:pulumi:Stack"},
        {"urn": provider, "custom": True, "id": ident, "type": "pulumi:providers:toy", "inputs": {"account": account}, "outputs": {"account": account}},
        {"urn": urn("toy:index:Record", record), "custom": True, "id": f"id-{record}", "type": "toy:index:Record", "parent": root, "provider": f"{provider}::{ident}"}]
    pulumi("stack", "init", name, check=True)
    pulumi("stack", "import", "--stack", name, check=True, input=json.dumps({"version": 3, "deployment": {"manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}, "resources": resources}}))
seen = {}
for n, (ident, account) in enumerate((("one", "B"), ("two", "B"), ("two", "A"))):
    stack(f"from{n}", "one", "A", "click"); stack(f"to{n}", ident, account, "other")
    done = pulumi("state", "move", "--yes", "--source", f"from{n}", "--dest", f"to{n}", f"urn:pulumi:from{n}::p::toy:index:Record::click")
    state = json.loads(pulumi("stack", "export", "--stack", f"to{n}", check=True).stdout)["deployment"]["resources"]
    of = {f"{r['urn']}::{r['id']}": r["inputs"]["account"] for r in state if r["type"] == "pulumi:providers:toy"}
    seen[ident, account] = (done.returncode, [of[r["provider"]] for r in state if r["urn"].endswith("::click")], "already exists in destination stack" in done.stderr)
print(seen)
refused = seen["two", "B"]
sys.exit(not (seen["one", "B"] == (0, ["B"], False) and refused[0] != 0 and refused[1:] == ([], True) and seen["two", "A"] == (0, ["A"], False)))
P
python3 "$tmp/t.py" "$tmp" || fail "providers are compared otherwise"
