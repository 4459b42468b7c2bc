#!/usr/bin/env bash
# The main job on one stack: recover, guard, deploy, write what must be true, prove it. Usage: tools/up.sh STACK
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
say "1/5 check"
show "linkproof check $stack"
"$linkproof" check "$stack"
show "eval \"\$(linkproof env $stack)\""
if [ -n "${LINKPROOF_LAB:-}" ]; then
  say "2/5 lab"
  show "linkproof lab up $declaration"
  linkproof lab up "$declaration"
  mkdir -p "${PULUMI_BACKEND_URL#file://}"
fi

say "3/5 deploy"
show "linkproof recover $stack"
linkproof recover "$stack"
# Only the lab may be made, and said yes to, without a person: elsewhere a missing stack is the wrong backend (guard says so).
if [ -n "${LINKPROOF_LAB:-}" ]; then
  pulumi stack select "$stack" --non-interactive 2>/dev/null || pulumi stack init "$stack" --non-interactive
fi
show "linkproof guard $stack"
linkproof guard "$stack"
show "pulumi up -s $stack --suppress-outputs"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
code=0
# Never without its preview: the engine then carries out what it can before it meets what is protected.
if [ -n "${LINKPROOF_LAB:-}" ]; then
  pulumi up -s "$stack" --yes --non-interactive --suppress-outputs | tee "$said" || code=$?
else
  pulumi up -s "$stack" --suppress-outputs || code=$?
fi
if [ "$code" = 0 ] && [ -s "$said" ] && ! grep -qE '^ +[-+~]+ ?[0-9]+ (created|updated|deleted|replaced|imported)' "$said"; then
  echo "nothing had to change"
fi

say "4/5 expectations"
show "linkproof expectations $stack"
linkproof expectations "$stack"
if [ "$code" != 0 ]; then
  echo "pulumi up ended with $code: what it did is recorded; correct the cause and run this again" >&2
  if [ -n "${LINKPROOF_LAB:-}" ]; then
    echo "  if .linkproof/$stack or .linkproof/lab was deleted, state and lab no longer match: make clean starts anew" >&2
  fi
  exit "$code"
fi

say "5/5 verify"
show "linkproof verify $stack --wait 2m"
code=0
linkproof verify "$stack" --wait 2m || code=$?
if [ "$code" = 4 ]; then
  echo "nothing is wrong: caches may hold the old answers until the time above; run make verify STACK=$stack after it"
fi
linkproof summary "$stack"
exit "$code"
