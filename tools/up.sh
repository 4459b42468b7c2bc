#!/usr/bin/env bash
# The main job on one stack: check it, start its lab, deploy and prove it. Usage: tools/up.sh STACK
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=${1:-}
[ -n "$stack" ] || { echo "error: no stack is named" >&2; echo "  fix: make up STACK=dev" >&2; exit 2; }
[ -x .venv/bin/linkproof ] || { echo "error: .venv is not set up" >&2; echo "  fix: run make setup" >&2; exit 2; }
exec .venv/bin/python tools/up.py "$stack"
