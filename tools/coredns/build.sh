#!/usr/bin/env bash
# Prints the path of CoreDNS, which Debian does not have: built once from its Go modules (pinned by go.sum) into
# .cache/coredns, which git ignores. Only tests need it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's|^require github.com/coredns/coredns v||p' "$here/go.mod")
home="$root/.cache/coredns/$version"

say() { printf '%s\n' "$*" >&2; }

if [ ! -x "$home/coredns" ]; then
  if ! command -v go >/dev/null; then
    say "error: CoreDNS $version is not built yet, and there is no Go to build it with"
    say "  fix: install Go 1.26 or newer and run this again; only the tests of real resolvers need it"
    exit 2
  fi
  say "building CoreDNS $version from its Go modules (once; one to three minutes on two cores)"
  mkdir -p "$root/.cache/coredns"
  scratch=$(mktemp -d "$root/.cache/coredns/building.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local
  (cd "$here" && go build -trimpath -ldflags "-s -w" -o "$scratch/coredns" .) >&2
  chmod 0755 "$scratch"
  rm -rf "$home"
  mv "$scratch" "$home"
  trap - EXIT
fi
printf '%s\n' "$home/coredns"
