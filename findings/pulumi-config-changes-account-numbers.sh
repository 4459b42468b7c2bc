#!/usr/bin/env bash
# Surprise: a stack's config file changes an account number: 012345678901 is read as 12345678901, 000123456701 as 21913025.
# Versions: github.com/pulumi/pulumi/sdk/v3 v3.276.0 (its config package), gopkg.in/yaml.v3 v3.0.1.
# Behaviour: a plain number in Pulumi.<stack>.yaml is decoded as YAML 1.1 and written back as text: a leading zero is lost (12-digit
#   account numbers), digits 0-7 after it make it octal, a 32-digit id becomes a float, a date becomes a time stamp. Quoted it is kept.
# Guess: config values are text, so the digits stay as written.
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

need go golang
go version
mkdir "$tmp/m"; cd "$tmp/m"
cat > go.mod <<'M'
module configread

go 1.24
M
cat > main.go <<'G'
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"gopkg.in/yaml.v3"
)

const file = `
p:account: 012345678901
p:octal: 000123456701
p:zone: 91234567890123456789012345678901
p:quoted: "012345678901"
p:since: 2026-11-28
`

func main() {
	var m config.Map
	if err := yaml.Unmarshal([]byte(file), &m); err != nil {
		panic(err)
	}
	v, err := m.Decrypt(config.NopDecrypter)
	if err != nil {
		panic(err)
	}
	for _, k := range []string{"account", "octal", "zone", "quoted", "since"} {
		fmt.Printf("%s=%s\n", k, v[config.MustMakeKey("p", k)])
	}
}
G
export GOFLAGS=-mod=mod
go get github.com/pulumi/pulumi/sdk/v3@v3.276.0 gopkg.in/yaml.v3@v3.0.1 >"$tmp/get" 2>&1 || { cat "$tmp/get" >&2; exit 2; }
go build -o "$tmp/configread" . >"$tmp/build" 2>&1 || { cat "$tmp/build" >&2; exit 2; }
"$tmp/configread" | tee "$tmp/seen"
printf '%s\n' account=12345678901 octal=21913025 zone=9.123456789012347e+31 quoted=012345678901 "since=2026-11-28 00:00:00 +0000 UTC" > "$tmp/want"
cmp -s "$tmp/seen" "$tmp/want" || fail "config values are read otherwise"
