#!/usr/bin/env bash
# Surprise: one HTTPS record in alias form with a parameter is served by three servers and makes the whole answer unreadable to
#   dnspython, the CNAME before it too; a fourth server loads the same file and answers SERVFAIL for that host alone.
# Versions: BIND 9.18, Knot 3.2.6, NSD 4.6.1, PowerDNS 4.7.3 (Debian 12), dnspython 2.9.2, pycares 5.2.1 (c-ares).
# Behaviour: RFC 9460 §2.4.2: an alias should have no parameters, and recipients must ignore those that it has. dnspython raises
#   FormError for the message, not for the record; c-ares gives the record. PowerDNS says nothing when it loads the file.
# Guess: the parameter is ignored, or the zone is refused as it is loaded; the other records of the answer are there.
# Seen: bind, knot, nsd: c-ares 0 edge.example, dnspython FormError: parameters in AliasMode; pdns: SERVFAIL to both.
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
ports() { python3 -c 'import socket,sys
s=[]
for _ in range(int(sys.argv[1])):
    x=socket.socket(); x.bind(("127.0.0.1",0)); s.append(x)
print(*[x.getsockname()[1] for x in s])' "$1"; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

need named bind9; need nsd nsd; need knotd knot; need pdns_server pdns-server
named -v; knotd -V; { nsd -v 2>&1 || true; } | sed -n 1p; { pdns_server --version 2>&1 || true; } | sed -n 1p
venv dnspython==2.9.2 pycares==5.2.1
read -r pb pk ps pp < <(ports 4)
cat > "$tmp/z" <<'Z'
$ORIGIN links.example.
$TTL 300
@ IN SOA ns host 1 3600 600 86400 600
@ IN NS ns
ns IN A 127.0.0.1
click IN CNAME cdn
cdn IN HTTPS 0 edge.example. alpn=h2
Z
cat > "$tmp/named.conf" <<C
options { directory "$tmp"; listen-on port $pb { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "$tmp/n.pid";
  session-keyfile "$tmp/s.key"; recursion no; notify no; };
controls { };
zone "links.example" { type primary; file "$tmp/z"; };
C
cat > "$tmp/nsd.conf" <<C
server:
  ip-address: 127.0.0.1@$ps
  username: ""
  chroot: ""
  zonesdir: "$tmp"
  pidfile: "$tmp/nsd.pid"
  database: ""
  xfrdfile: "$tmp/x"
  zonelistfile: "$tmp/zl"
  xfrdir: "$tmp"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: links.example
  zonefile: z
C
mkdir "$tmp/k" "$tmp/p"
cat > "$tmp/knot.conf" <<C
server:
  listen: 127.0.0.1@$pk
  rundir: $tmp/k
database:
  storage: $tmp/k
zone:
  - domain: links.example
    file: $tmp/z
    zonefile-sync: -1
C
echo "zone \"links.example\" { type master; file \"$tmp/z\"; };" > "$tmp/p/bind.conf"
printf '%s\n' launch=bind "bind-config=$tmp/p/bind.conf" local-address=127.0.0.1 "local-port=$pp" "socket-dir=$tmp/p" \
  daemon=no guardian=no setuid= setgid= include-dir= security-poll-suffix= > "$tmp/p/pdns.conf"
named -g -c "$tmp/named.conf" >"$tmp/named.log" 2>&1 & pids+=($!)
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 & pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 & pids+=($!)
pdns_server --config-dir="$tmp/p" >"$tmp/pdns.log" 2>&1 & pids+=($!)
cat > "$tmp/t.py" <<'P'
import sys, threading, time
import dns.message, dns.query, dns.rcode, pycares

def loaded(port):
    """Until the server answers for the zone, at most 30 s."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if dns.query.udp(dns.message.make_query("links.example.", "SOA"), "127.0.0.1", port=port, timeout=1).answer: return
        except Exception: pass
        time.sleep(0.3)

def by_dnspython(port):
    try:
        answer = dns.query.udp(dns.message.make_query("click.links.example.", "HTTPS"), "127.0.0.1", port=port, timeout=3)
        return " / ".join(str(one) for rrset in answer.answer for one in rrset) or dns.rcode.to_text(answer.rcode())
    except Exception as error: return f"{type(error).__name__}: {error}"

def by_cares(port):
    done, said = threading.Event(), []
    def answered(result, error):
        if error: said.append("SERVFAIL" if error == pycares.errno.ARES_ESERVFAIL else str(error))
        else:
            for one in result.answer:
                d = one.data
                if hasattr(d, "priority"): said.append(f"{d.priority} {d.target} + {len(d.params)} parameter")
        done.set()
    channel = pycares.Channel(servers=["127.0.0.1"], udp_port=port, tcp_port=port, timeout=3, tries=1)
    channel.query("click.links.example", pycares.QUERY_TYPE_HTTPS, callback=answered)
    done.wait(10)
    channel.close()
    return " / ".join(said)

seen = {}
for server, port in zip(("bind", "knot", "nsd", "pdns"), map(int, sys.argv[1:])):
    loaded(port)
    seen[server] = (by_cares(port), by_dnspython(port))
    print(server, "| c-ares:", seen[server][0], "| dnspython:", seen[server][1])
wanted = dict.fromkeys(("bind", "knot", "nsd"), ("0 edge.example + 1 parameter", "FormError: parameters in AliasMode"))
sys.exit(seen != {**wanted, "pdns": ("SERVFAIL", "SERVFAIL")})
P
"$tmp/v/bin/python" "$tmp/t.py" "$pb" "$pk" "$ps" "$pp" || fail "an alias with parameters is read otherwise"
