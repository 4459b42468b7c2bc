#!/usr/bin/env bash
# Destroys a lab stack and stops the lab. Usage: tools/down.sh STACK
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=${1:-}
[ -n "$stack" ] || { echo "error: no stack is named" >&2; echo "  fix: make … STACK=dev" >&2; exit 2; }
[ -x .venv/bin/linkproof ] || { echo "error: .venv is not set up" >&2; echo "  fix: run make setup" >&2; exit 2; }
echo "\$ eval \"\$(linkproof env $stack)\""
variables=$(.venv/bin/linkproof env "$stack")
eval "$variables"
if [ -z "${LINKPROOF_LAB:-}" ]; then
  echo "error: $stack is not a lab stack: its links carry mail that was sent" >&2
  echo "  fix: step each link back to branded, retire it, then run pulumi destroy -s $stack --suppress-outputs yourself" >&2
  exit 2
fi
echo "\$ linkproof lab up $LINKPROOF_DECLARATION"
linkproof lab up "$LINKPROOF_DECLARATION"
echo "\$ linkproof recover $stack"
linkproof recover "$stack"
if pulumi stack select "$stack" --non-interactive 2>/dev/null; then
  for command in "linkproof retire --all --stack $stack" "pulumi destroy -s $stack --yes --non-interactive --suppress-outputs"; do
    echo "\$ $command"
    $command
  done
else
  echo "stack $stack was never deployed"
fi
echo "\$ linkproof lab down --unless-used $stack"
linkproof lab down --unless-used "$stack"
