#!/usr/bin/env bash
# Makes .venv from the pinned requirements. Usage: tools/setup.sh [PYTHON]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${1:-python3}

fail() { printf 'error: %s\n  fix: %s\n' "$1" "$2" >&2; exit 2; }

command -v "$python" >/dev/null || fail "there is no $python" "install Python 3.11 or newer"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$("$python" --version) is too old" "install Python 3.11 or newer, or name one: make PYTHON=python3.12 …"

if [ ! -x .venv/bin/python ]; then
  echo "making .venv with $("$python" --version)"
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo "installing python3-venv, which Debian keeps apart from python3"
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
      fail "$python cannot make virtual environments" "install its venv module (Debian: apt-get install python3-venv)"
    fi
  fi
  "$python" -m venv .venv
fi
echo "installing the pinned requirements"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
# A plain path entry in place of an import hook, which would cost every start 20 ms.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
touch .venv/.complete
