#!/usr/bin/env bash
# Runs commands in a stack's environment, printing each one first. Usage: tools/run.sh STACK COMMAND...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=$1
shift
echo "\$ eval \"\$(linkproof env $stack)\""
eval "$(.venv/bin/linkproof env "$stack")"
for command in "$@"; do
  echo "\$ $command"
  bash -c "$command"
done
