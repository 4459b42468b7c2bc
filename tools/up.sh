#!/usr/bin/env bash
# The main job on one stack: check it, start its lab, deploy and prove it. Usage: tools/up.sh STACK
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=${1:-}
[ -n "$stack" ] || { echo "error: no stack is named" >&2; echo "  fix: make up STACK=dev" >&2; exit 2; }
[ -x .venv/bin/linkproof ] || { echo "error: .venv is not set up" >&2; echo "  fix: run make setup" >&2; exit 2; }
linkproof=.venv/bin/linkproof

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
else
  say() { printf '\n%s\n' "$*"; }
fi
show() { echo "\$ $*"; }

variables=$("$linkproof" env "$stack")
eval "$variables"
declaration=$LINKPROOF_DECLARATION
say "check"
show "linkproof check $stack"
"$linkproof" check "$stack"
show "eval \"\$(linkproof env $stack)\""
if [ -n "${LINKPROOF_LAB:-}" ]; then
  say "lab"
  show "linkproof lab up $declaration"
  linkproof lab up "$declaration"
fi

say "deploy"
show "linkproof deploy $stack"
code=0
linkproof deploy "$stack" || code=$?
if [ "$code" != 2 ]; then
  linkproof summary "$stack"
fi
exit "$code"
