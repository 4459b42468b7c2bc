#!/usr/bin/env bash
# Surprise: a record set that was just read cannot be the prerequisite of an update: dnspython sends it with its TTL, and servers answer FORMERR.
# Versions: dnspython 2.9.2; Knot 3.2.6, BIND 9.18 (Debian 12).
# Behaviour: UpdateMessage.present(name, rdataset) writes the rdataset as it is. A prerequisite's TTL must be 0 (RFC 2136 §2.4.2), so a
#   record set out of an answer, or of a zone, is refused as a malformed message; written as type and text, or with the TTL
#   set to 0, the same prerequisite holds.
# Guess: the library, which knows that it writes a prerequisite, leaves the TTL out; or a TTL that differs is just not compared.
# Seen at both servers: as read: FORMERR; with TTL 0: NOERROR; as text: NOERROR.
set -euo pipefail
tmp=$(mktemp -d)
pids=()
cleanup() {
  for p in "${pids[@]:-}"; do [ -z "$p" ] || kill "$p" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$tmp"
}
trap cleanup EXIT
need() { command -v "$1" >/dev/null || { echo "needs $1 (Debian package $2), which is not installed" >&2; exit 2; }; }
need named bind9; need knotd knot
named -v; knotd -V
python3 -m venv "$tmp/v"
"$tmp/v/bin/pip" -q --disable-pip-version-check install dnspython==2.9.2
read -r pb pk < <(python3 -c 'import socket
s=[socket.socket() for _ in range(2)]
for x in s: x.bind(("127.0.0.1",0))
print(*[x.getsockname()[1] for x in s])')
mkdir "$tmp/k"
for zone in "$tmp/zone" "$tmp/k/zone"; do
  cat > "$zone" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 300
@ IN NS ns
ns IN A 127.0.0.1
click IN CNAME old.edge.example.
Z
done
cat > "$tmp/named.conf" <<C
options { directory "$tmp"; listen-on port $pb { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "$tmp/n.pid";
  session-keyfile "$tmp/s.key"; recursion no; notify no; };
controls { };
zone "links.example" { type primary; file "$tmp/zone"; allow-update { 127.0.0.1; }; };
C
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
acl:
  - id: a
    address: 127.0.0.1
    action: update
zone:
  - domain: links.example
    file: $tmp/k/zone
    acl: a
C
named -g -c "$tmp/named.conf" 2>"$tmp/named.log" & pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
cat > "$tmp/ask.py" <<'P'
import sys, time
import dns.message, dns.query, dns.rcode, dns.rdatatype, dns.update

HOST = "click.links.example."
expected = ["FORMERR", "NOERROR", "NOERROR"]
for server, port in (("BIND", int(sys.argv[1])), ("Knot", int(sys.argv[2]))):
    for _ in range(100):
        try:
            answer = dns.query.tcp(dns.message.make_query(HOST, "CNAME"), "127.0.0.1", port=port, timeout=5)
            if answer.answer:
                break
        except (OSError, EOFError):
            pass
        time.sleep(0.1)
    held = answer.answer[0].to_rdataset()
    without_ttl = held.copy()
    without_ttl.ttl = 0
    seen = []
    for prerequisite in ((held,), (without_ttl,), ("CNAME", "old.edge.example.")):
        update = dns.update.UpdateMessage("links.example.")
        update.present(HOST, *prerequisite)
        update.add("_mark.links.example.", 300, "TXT", '"seen"')
        seen.append(dns.rcode.to_text(dns.query.tcp(update, "127.0.0.1", port=port, timeout=5).rcode()))
    print(f"{server}: as read {seen[0]}, with TTL 0 {seen[1]}, as text {seen[2]}")
    if seen != expected:
        sys.exit(f"CHANGED: {server} {seen}")
P
timeout 60 "$tmp/v/bin/python" "$tmp/ask.py" "$pb" "$pk"
