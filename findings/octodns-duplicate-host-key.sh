#!/usr/bin/env bash
# Surprise: octoDNS reads a zone file in which one click host stands twice, and plans the last one without a word.
# Versions: octodns 1.22.0 (YamlProvider, enforce_order true), PyYAML 6.0.4, ruamel.yaml 0.19.1.
# Behaviour: its loader insists on sorted keys, but equal neighbours count as sorted, and PyYAML keeps the last value. A merge
#   of two branches that both add the host gives such a file. octodns-validate exits 0; ruamel.yaml refuses the same file.
# Guess: the loader that checks the order of keys refuses a key that stands twice.
# Seen: validate exit 0; the dump has b.edge.example. only; ruamel.yaml DuplicateKeyError.
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

venv octodns==1.22.0 PyYAML==6.0.4 ruamel.yaml==0.19.1
mkdir "$tmp/zones" "$tmp/out"
cat > "$tmp/zones/links.example.yaml" <<'Z'
---
url4821:
  ttl: 300
  type: CNAME
  value: a.edge.example.
url4821:
  ttl: 300
  type: CNAME
  value: b.edge.example.
url9000:
  ttl: 300
  type: CNAME
  value: c.edge.example.
Z
cat > "$tmp/c.yaml" <<C
providers:
  source: {class: octodns.provider.yaml.YamlProvider, directory: $tmp/zones, enforce_order: true}
  target: {class: octodns.provider.yaml.YamlProvider, directory: $tmp/out}
zones: {links.example.: {sources: [source], targets: [target]}}
C
"$tmp/v/bin/octodns-validate" --config-file "$tmp/c.yaml" >"$tmp/log" 2>&1 || fail "octodns-validate refuses a key that stands twice"
"$tmp/v/bin/octodns-sync" --config-file "$tmp/c.yaml" --doit >>"$tmp/log" 2>&1 || fail "octodns-sync refuses a key that stands twice"
if grep -qi duplicate "$tmp/log"; then fail "octoDNS speaks of the duplicate"; fi
grep value "$tmp/out/links.example.yaml"
[ "$(grep -c 'value: [ab]' "$tmp/out/links.example.yaml")" = 1 ] && grep -q b.edge "$tmp/out/links.example.yaml" || fail "another record is kept"
"$tmp/v/bin/python" - "$tmp/zones/links.example.yaml" <<'P' || fail "ruamel.yaml takes the file"
import sys, ruamel.yaml
try: ruamel.yaml.YAML(typ="safe").load(open(sys.argv[1]))
except ruamel.yaml.constructor.DuplicateKeyError: print("ruamel.yaml: DuplicateKeyError"); sys.exit(0)
sys.exit(1)
P
