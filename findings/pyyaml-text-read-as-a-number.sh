#!/usr/bin/env bash
# Surprise: PyYAML writes the account number "012345678901" without quotes; every other YAML library reads a number, and the zero is gone.
# Versions: PyYAML 6.0.4 writes; ruamel.yaml 0.19.1, npm js-yaml 4.3.2 and yaml 2.9.1, gopkg.in/yaml.v3 v3.0.1 read.
# Behaviour: PyYAML quotes what YAML 1.1 would take for a number. With an 8 or 9 after the zero (nine of ten account numbers that begin with 0) it is
#   no octal there, and without a dot 12e4567 (a commit), 1e3 or a 32-digit id with one "e" is no float. YAML 1.2 takes them for numbers: the
#   commit is infinity in two of them. PyYAML reads its own file back as text, so a Python test passes. The other way round
#   ruamel.yaml writes the text 22:30 plain, and PyYAML reads 1350.
# Guess: a library quotes what any reader could take for something else; two Python libraries agree.
# Seen: account 12345678901 in all four, 1e3 1000 in all four, 12e4567 infinity in ruamel.yaml and yaml and text in js-yaml and Go.
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

need node nodejs; need npm npm; need go golang
node --version; go version
venv PyYAML==6.0.4 ruamel.yaml==0.19.1
mkdir "$tmp/n" "$tmp/m"
(cd "$tmp/n" && npm init -y >/dev/null && npm install --no-audit --no-fund --loglevel=error js-yaml@4.3.2 yaml@2.9.1 >/dev/null)
cat > "$tmp/n/t.js" <<'J'
const text = require("fs").readFileSync("../t.yaml", "utf8");
const said = (o) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, `${typeof v} ${v}`.replace("Infinity", "inf")]));
console.log(JSON.stringify({ "js-yaml": said(require("js-yaml").load(text)), yaml: said(require("yaml").parse(text)) }));
J
printf 'module reads\n\ngo 1.24\n\nrequire gopkg.in/yaml.v3 v3.0.1\n' > "$tmp/m/go.mod"
cat > "$tmp/m/main.go" <<'G'
package main

import (
	"fmt"
	"os"

	"gopkg.in/yaml.v3"
)

func main() {
	text, _ := os.ReadFile("../t.yaml")
	m := map[string]any{}
	if err := yaml.Unmarshal(text, &m); err != nil {
		panic(err)
	}
	for k, v := range m {
		switch n := v.(type) {
		case float64:
			fmt.Printf("%s number %.0f\n", k, n)
		case string:
			fmt.Printf("%s string %s\n", k, n)
		}
	}
}
G
cat > "$tmp/t.py" <<'P'
import io, json, subprocess, sys
import ruamel.yaml, yaml
tmp = sys.argv[1]; texts = {"account": "012345678901", "commit": "12e4567", "id": "1e3", "hex": "0x1F"}
written = yaml.safe_dump(texts); print(written); open(f"{tmp}/t.yaml", "w").write(written)
said = lambda v: f"string {v}" if isinstance(v, str) else f"number {v:.0f}"
seen = {"ruamel.yaml": {k: said(v) for k, v in ruamel.yaml.YAML(typ="safe", pure=True).load(written).items()}}
seen |= json.loads(subprocess.run(["node", "t.js"], cwd=f"{tmp}/n", check=True, capture_output=True).stdout)
go = subprocess.run(["go", "run", "-mod=mod", "."], cwd=f"{tmp}/m", check=True, capture_output=True, text=True).stdout
seen["go"] = {l.split(" ", 1)[0]: l.split(" ", 1)[1] for l in go.splitlines()}
for k, v in seen.items(): print(k, v)
out = io.StringIO(); ruamel.yaml.YAML().dump({"from": "22:30"}, out); back = yaml.safe_load(out.getvalue())["from"]; print(out.getvalue().strip(), "->", back)
number = {"account": "number 12345678901", "id": "number 1000", "hex": "string 0x1F"}
want = {n: number | {"commit": c} for n, c in (("ruamel.yaml", "number inf"), ("js-yaml", "string 12e4567"), ("yaml", "number inf"), ("go", "string 12e4567"))}
sys.exit(yaml.safe_load(written) != texts or seen != want or back != 1350)
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "the texts are written or read otherwise"
