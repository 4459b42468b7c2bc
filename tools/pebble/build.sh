#!/usr/bin/env bash
# Prints the path of pebble, Let's Encrypt's small CA for tests, which Debian has only in an old version: built once from
# its Go modules (pinned by go.sum) into .cache/pebble, which git ignores. Only tests need it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's|^.*github.com/letsencrypt/pebble/v2 v\([^ ]*\).*$|\1|p' "$here/go.mod")
home="$root/.cache/pebble/$version"

say() { printf '%s\n' "$*" >&2; }

if [ ! -x "$home/pebble" ]; then
  if ! command -v go >/dev/null; then
    say "error: pebble $version is not built yet, and there is no Go to build it with"
    say "  fix: install Go 1.26 or newer and run this again; only the tests of ACME need it"
    exit 2
  fi
  say "building pebble $version from its Go modules (once; some seconds)"
  mkdir -p "$root/.cache/pebble"
  scratch=$(mktemp -d "$root/.cache/pebble/building.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local
  (cd "$here" && go build -trimpath -ldflags "-s -w" -o "$scratch/pebble" github.com/letsencrypt/pebble/v2/cmd/pebble) >&2
  chmod 0755 "$scratch"
  rm -rf "$home"
  mv "$scratch" "$home"
  trap - EXIT
fi
printf '%s\n' "$home/pebble"
