#!/usr/bin/env bash
# Runs commands in a stack's environment, printing each one first. Usage: tools/run.sh STACK COMMAND...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=${1:-}
[ -n "$stack" ] || { echo "error: no stack is named" >&2; echo "  fix: make … STACK=dev" >&2; exit 2; }
[ -x .venv/bin/linkproof ] || { echo "error: .venv is not set up" >&2; echo "  fix: run make setup" >&2; exit 2; }
shift
echo "\$ eval \"\$(linkproof env $stack)\""
variables=$(.venv/bin/linkproof env "$stack")
eval "$variables"
for command in "$@"; do
  echo "\$ $command"
  bash -c "$command"
done
