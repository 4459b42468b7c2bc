#!/usr/bin/env bash
# Surprise: a zone that every server loads is another one for three small zone-file readers: click hosts and DKIM keys are gone, and one
#   gives a sub-zone's name server to the apex. None of them complains.
# Versions: npm zone-file 1.0.0 and dns-zonefile 0.3.2 (Node 20), PyPI zonefile-parser 0.1.20; BIND 9.18 and dnspython 2.9.2 agree with each other.
# Behaviour (RFC 1035, 5.1; TTLs with units in every server): "click 5m IN CNAME" is of type "5M" for zonefile-parser, without its TTL for zone-file,
#   gone in dns-zonefile; "late IN 300 CNAME" is of type "300", without TTL, gone. A line that begins with a blank belongs to the name above: zonefile-parser
#   gives it to the apex, zone-file to a name "IN". zone-file cuts a quoted TXT at ";" (DKIM key and DMARC policy lost), and an hour (1h) is 1 for it.
#   dns-zonefile takes the first parentheses of the file for the SOA's, here those of a long TXT: its serial is then 300, and what stood before is gone.
# Guess: what differs is at most an exotic type; what a reader does not understand it refuses.
# Seen: as asserted below.
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

need node nodejs; need npm npm; need named-checkzone bind9-utils
node --version
venv dnspython==2.9.2 zonefile-parser==0.1.20
mkdir "$tmp/n"
(cd "$tmp/n" && npm init -y >/dev/null && npm install --no-audit --no-fund --loglevel=error zone-file@1.0.0 dns-zonefile@0.3.2 >/dev/null)
cat > "$tmp/z" <<'Z'
$ORIGIN links.example.
$TTL 1h
@ IN SOA ns1.links.example. host.links.example. 2026112901 2h 10m 7d 10m
@ IN NS ns1.links.example.
ns1 IN A 192.0.2.1
click 5m IN CNAME edge.example.
late IN 300 CNAME edge.example.
s1._domainkey 300 IN TXT "v=DKIM1; k=rsa; p=MIIB"
_dmarc 300 IN TXT ("v=DMARC1; "
  "p=none")
sub IN NS ns1.other.example.
    IN NS ns2.other.example.
plain IN CNAME edge.example.
Z
named-checkzone links.example "$tmp/z"
cat > "$tmp/n/t.js" <<'J'
const text = require("fs").readFileSync("../z", "utf8");
const later = require("dns-zonefile").default || require("dns-zonefile");
console.log(JSON.stringify({ "zone-file": require("zone-file").parseZoneFile(text), "dns-zonefile": later.parse(text) }));
J
(cd "$tmp/n" && node t.js > "$tmp/js.json")
cat > "$tmp/t.py" <<'P'
import json, sys
import dns.zone, zonefile_parser
tmp = sys.argv[1]; text = open(f"{tmp}/z").read(); js = json.load(open(f"{tmp}/js.json"))
z = dns.zone.from_text(text, origin="links.example.")
right = (z.get_rdataset("click", "CNAME").ttl, z.get_rdataset("late", "CNAME").ttl, len(z.get_rdataset("sub", "NS")), len(z.get_rdataset("@", "NS"))); print("dnspython", right)
py = {(r.name.removesuffix(".links.example."), r.rtype, r.rdata.get("value")) for r in zonefile_parser.parse(text) if r.rtype != "SOA"}; print("zonefile-parser", sorted(py))
a, b = js["zone-file"], js["dns-zonefile"]; print("zone-file", a); print("dns-zonefile", b)
ok = right == (300, 300, 2, 1)
ok &= ("click", "5M", "IN") in py and ("late", "300", "CNAME") in py and ("links.example.", "NS", "ns2.other.example.") in py
ok &= a["$ttl"] == 1 and {"name": "click", "alias": "edge.example."} in a["cname"] and {"name": "late", "alias": "edge.example."} in a["cname"]
ok &= {"name": "IN", "host": "ns2.other.example."} in a["ns"] and [t["txt"] for t in a["txt"]] == ["v=DKIM1", ["v=DMARC1 ", "p=none"]]
ok &= a["soa"]["minimum"] == 10 and b["soa"]["serial"] == 300 and "txt" not in b and [c["name"] for c in b["cname"]] == ["plain"] and [n["name"] for n in b["ns"]] == ["sub", "sub"]
sys.exit(not ok)
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "the readers read otherwise"
