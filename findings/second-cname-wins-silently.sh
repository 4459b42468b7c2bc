#!/usr/bin/env bash
# Surprise: a zone file with two CNAMEs for one click host loses the first without a word in dnspython, and so octoDNS
#   plans and publishes the other one, while BIND and NSD refuse the same file.
# Versions: dnspython 2.9.2, octodns 1.22.0, octodns-bind 1.1.0, BIND 9.18, NSD 4.6.1 (Debian 12).
# Behaviour: dnspython's reader knows that CNAME is a singleton and keeps the last one; a CNAME beside another type it
#   does refuse. octodns-bind's zone-file source is built on it.
# Guess: it raises, as it does for "CNAME and other data" (and as every server does).
# Seen: dnspython: new.edge.example. only, no error; octodns-dump exit 0 with new.edge.example.; named-checkzone "multiple
#   RRs of singleton type", nsd-checkzone "multiple CNAMEs at the same name".
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

need named-checkzone bind9-utils; need nsd-checkzone nsd
named-checkzone -v; { nsd -v 2>&1 || true; } | sed -n 1p
venv dnspython==2.9.2 octodns==1.22.0 octodns-bind==1.1.0
mkdir "$tmp/zones" "$tmp/out"
cat > "$tmp/zones/links.example." <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 300
@ IN NS ns
ns IN A 192.0.2.1
click IN CNAME old.edge.example.
click IN CNAME new.edge.example.
Z
if named-checkzone links.example "$tmp/zones/links.example." >"$tmp/o1" 2>&1; then fail "named-checkzone accepts two CNAMEs"; fi
if nsd-checkzone links.example "$tmp/zones/links.example." >"$tmp/o2" 2>&1; then fail "nsd-checkzone accepts two CNAMEs"; fi
grep -h -i "singleton\|multiple" "$tmp/o1" "$tmp/o2" | sed "s#$tmp##g"
"$tmp/v/bin/python" - "$tmp/zones/links.example." <<'P' || fail "dnspython no longer keeps the last CNAME silently"
import sys, warnings, dns.zone
warnings.simplefilter("error")
z = dns.zone.from_file(sys.argv[1], origin="links.example.")
seen = [r.to_text() for r in z.get_rdataset("click", "CNAME")]; print("dnspython:", seen)
sys.exit(seen != ["new.edge.example."])
P
cat > "$tmp/c.yaml" <<C
providers:
  file: {class: octodns_bind.ZoneFileSource, directory: $tmp/zones, file_extension: .}
zones: {links.example.: {sources: [file], targets: []}}
C
"$tmp/v/bin/octodns-dump" --config-file "$tmp/c.yaml" --output-dir "$tmp/out" links.example. file >"$tmp/log" 2>&1 ||
  fail "octodns-dump refuses the file"
if grep -q "ERROR\|WARNING.*click" "$tmp/log"; then fail "octodns warns now"; fi
if grep -rq "old.edge" "$tmp/out"; then fail "octodns keeps the first CNAME"; fi
grep -rh "new.edge" "$tmp/out" | sed 's/^ */octodns: /'
