#!/usr/bin/env bash
# Prints the path of actionlint, which reads workflows as GitHub does: built once from its Go modules (pinned by go.sum)
# into .cache/actionlint, which git ignores. Only tests need it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's|^.*github.com/rhysd/actionlint v\([^ ]*\).*$|\1|p' "$here/go.mod")
home="$root/.cache/actionlint/$version"

say() { printf '%s\n' "$*" >&2; }

if [ ! -x "$home/actionlint" ]; then
  if ! command -v go >/dev/null; then
    say "error: actionlint $version is not built yet, and there is no Go to build it with"
    say "  fix: install Go 1.26 or newer and run this again; only the tests of the workflows need it"
    exit 2
  fi
  say "building actionlint $version from its Go modules (once; some seconds)"
  mkdir -p "$root/.cache/actionlint"
  scratch=$(mktemp -d "$root/.cache/actionlint/building.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local
  (cd "$here" && go build -trimpath -ldflags "-s -w" -o "$scratch/actionlint" github.com/rhysd/actionlint/cmd/actionlint) >&2
  chmod 0755 "$scratch"
  rm -rf "$home"
  mv "$scratch" "$home"
  trap - EXIT
fi
printf '%s\n' "$home/actionlint"
