#!/usr/bin/env bash
# Surprise: an error in a zone file's record data is reported by dnspython one line too far, and so by octoDNS's zone-file
#   source: whoever opens the named line finds a record that is right.
# Versions: dnspython 2.9.2, octodns 1.22.0, octodns-bind 1.1.0, BIND 9.18, NSD 4.6.1 (Debian 12).
# Behaviour: a CNAME with a word too many, or with none, on line 6 is reported at 7; an unknown record type on the same
#   line at 6. The reader has taken the line's end before it looks at the data, and counts from there. BIND and NSD say 6.
# Guess: the line of the record, as for the unknown type and as every server says.
# Seen: dnspython 7, 7 and 6; octodns-dump "7: expected EOL or EOF"; named-checkzone z:6, nsd-checkzone z:6.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || { echo "needs $1 (Debian package $2), which is not installed" >&2; exit 2; }; }

need named-checkzone bind9-utils; need nsd-checkzone nsd
named-checkzone -v; { nsd -v 2>&1 || true; } | sed -n 1p
python3 -m venv "$tmp/v"
"$tmp/v/bin/pip" -q --disable-pip-version-check install dnspython==2.9.2 octodns==1.22.0 octodns-bind==1.1.0
mkdir "$tmp/zones" "$tmp/out"
zone() { printf '%s\n' '$ORIGIN links.example.' '$TTL 300' '@ IN SOA ns host 1 3600 600 86400 300' '@ IN NS ns' \
  'ns IN A 127.0.0.1' "url1 IN $1" 'url2 IN CNAME edge.example.'; }
zone 'CNAME edge.example. extra.example.' >"$tmp/zones/links.example."
zone 'CNAME' >"$tmp/none"
zone 'CNAMED edge.example.' >"$tmp/type"

line() { "$tmp/v/bin/python" - "$1" <<'P'
import re, sys
import dns.exception, dns.zone
try:
    dns.zone.from_file(sys.argv[1], origin="links.example.", relativize=False)
    print("none")
except dns.exception.SyntaxError as error:
    print(re.search(r":(\d+): ", str(error))[1])
P
}
extra=$(line "$tmp/zones/links.example."); none=$(line "$tmp/none"); type=$(line "$tmp/type")
echo "dnspython: a word too many $extra, none at all $none, unknown type $type; the record is on line 6"
named=$({ named-checkzone links.example "$tmp/zones/links.example." || true; } | grep -o 'links.example.:[0-9]*: near' | grep -o '[0-9]*' | head -1)
nsd=$({ nsd-checkzone links.example "$tmp/zones/links.example." 2>&1 || true; } | grep -oE ':[0-9]+: syntax' | grep -o '[0-9]*' | head -1)
echo "named-checkzone: $named; nsd-checkzone: $nsd"
cat >"$tmp/config.yaml" <<C
providers:
  files: {class: octodns_bind.ZoneFileSource, directory: $tmp/zones, file_extension: .}
  config: {class: octodns.provider.yaml.YamlProvider, directory: $tmp/out}
zones: {links.example.: {sources: [files], targets: [config]}}
C
octodns=$({ "$tmp/v/bin/octodns-dump" --config-file "$tmp/config.yaml" --output-dir "$tmp/out" links.example. files 2>&1 || true; } | grep -oE ':?[0-9]+: expected EOL' | grep -o '[0-9]*' | head -1)
echo "octodns-dump: ${octodns:-says nothing of a line}"
[ "$extra $none $type" = "7 7 6" ] || fail "dnspython names lines $extra, $none and $type"
[ "$named $nsd" = "6 6" ] || fail "the servers' checkers name lines $named and $nsd"
[ "$octodns" = 7 ] || fail "octodns-dump names line ${octodns:-none}"
echo "as described"
