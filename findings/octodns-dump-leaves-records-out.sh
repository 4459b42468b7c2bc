#!/usr/bin/env bash
# Surprise: dumping a BIND zone with octoDNS to move it to another host leaves out whole record types, exit 0, no warning.
# Versions: octodns 1.22.0, octodns-bind 1.1.0, dnspython 2.9.2.
# Behaviour: octoDNS's zone-file source hands over the types on its list; a DNAME (with every click host below it), a URI and an
#   unknown TYPE65280 record are not on it, and nothing says so, although octoDNS itself knows DNAME and URI records.
# Guess: unsupported types are an error in strict mode, or at least a warning.
# Seen: 3 of 5 records missing in the dump; exit 0; the log names none of them.
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

venv octodns==1.22.0 octodns-bind==1.1.0 dnspython==2.9.2
mkdir "$tmp/zones" "$tmp/out"
cat > "$tmp/zones/links.example." <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 300
@ IN NS ns.other.example.
click IN CNAME edge.example.
news IN TXT "kept"
old IN DNAME new.example.
web IN URI 1 1 "https://shop.example/"
own IN TYPE65280 \# 2 aabb
Z
cat > "$tmp/c.yaml" <<C
providers:
  file: {class: octodns_bind.ZoneFileSource, directory: $tmp/zones, file_extension: .}
zones: {links.example.: {sources: [file], targets: []}}
C
"$tmp/v/bin/octodns-dump" --config-file "$tmp/c.yaml" --output-dir "$tmp/out" links.example. file >"$tmp/log" 2>&1 || fail "octodns-dump fails"
"$tmp/v/bin/python" - "$tmp/out/links.example.yaml" "$tmp/log" <<'P' || fail "octoDNS keeps or names these records now"
import sys, yaml
names = {k for k in yaml.safe_load(open(sys.argv[1]))}; log = open(sys.argv[2]).read()
print("dumped:", sorted(names)); said = [w for w in ("DNAME", "URI", "TYPE65280", "WARNING", "old.links") if w in log]; print("named in the log:", said)
sys.exit(not (names == {"", "click", "news"} and not said))
P
"$tmp/v/bin/python" -c 'from octodns.record import Record; c = Record.registered_types(); print("octoDNS knows DNAME, URI:", "DNAME" in c, "URI" in c)'
