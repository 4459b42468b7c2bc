#!/usr/bin/env bash
# Prints the folder of a usable Pulumi CLI: the build of this version where there is one, else the one on PATH when it is
# 3.243 or newer, otherwise one built once from its Go modules (pinned by go.sum) into .cache/pulumi/<version>, which git
# ignores. The link .cache/pulumi/current tells `linkproof` which it is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 v||p' "$here/cli/go.mod")
builds="$root/.cache/pulumi"
home="$builds/$version"

say() { printf '%s\n' "$*" >&2; }

# Usage: use FOLDER LINK
use() {
  mkdir -p "$builds"
  ln -sfn "$2" "$builds/current"
  printf '%s\n' "$1"
  exit 0
}

if [ -x "$home/pulumi" ] && [ -x "$home/pulumi-language-python" ] && [ -x "$home/pulumi-language-python-exec" ]; then
  use "$home" "$version"
fi

if found=$(command -v pulumi); then
  have=$("$found" version 2>/dev/null | sed 's/^v//')
  if [ "$(printf '%s\n3.243.0\n' "$have" | sort -V | head -n 1)" = "3.243.0" ]; then
    say "pulumi $have is on PATH: using it"
    folder=$(cd "$(dirname "$found")" && pwd)
    use "$folder" "$folder"
  fi
  say "pulumi $have on PATH is older than 3.243: building $version beside it"
fi

if ! command -v go >/dev/null; then
  say "error: no pulumi 3.243 or newer on PATH, and no Go to build one with"
  say "  fix: install the Pulumi CLI, or Go 1.26.6 or newer, and run this again"
  exit 2
fi

say "building the Pulumi CLI $version from its Go modules (once; four to six minutes on two cores)"
mkdir -p "$builds"
scratch=$(mktemp -d "$builds/building.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local
version_flag="-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$version"
(cd "$here/cli" && go build -trimpath -tags osusergo,grpcnotrace -ldflags "-s -w $version_flag" \
  -o "$scratch/pulumi" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi) >&2
say "building its Python language host"
(cd "$here/language" && go build -trimpath -ldflags "-s -w" \
  -o "$scratch/pulumi-language-python" github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python) >&2
sdk=$(cd "$here/cli" && go list -m -f '{{.Dir}}' github.com/pulumi/pulumi/sdk/v3)
install -m 0755 "$sdk/python/cmd/pulumi-language-python-exec" "$scratch/pulumi-language-python-exec"
chmod 0755 "$scratch"
rm -rf "$home"
mv "$scratch" "$home"
trap - EXIT
say "built $("$home/pulumi" version)"
use "$home" "$version"
