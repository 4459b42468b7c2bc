#!/usr/bin/env bash
# The fast tests, which need neither the engine nor the lab, on one Python. Usage: tools/fast.sh PYTHON [FOLDER]
# Its environment is made of the same lock, which so is shown to hold the hashes of that Python's wheels. The two large
# vendor SDKs stay out: they are plain Python, need two minutes to install, and only the program's tests use them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${1:-}
[ -n "$python" ] || { printf 'error: no Python is named\n  fix: tools/fast.sh python3.13\n' >&2; exit 2; }
tests=(tests/karte tests/faults/test_chains.py tests/test_renewal.py tests/declaration tests/plan tests/expectations tests/history tests/engine_state tests/fuzz tests/standing
  tests/look/test_inputs.py tests/look/test_look.py tests/verify/judge/test_app_association.py
  tests/verify/judge/test_dns_values.py tests/verify/judge/test_http.py tests/verify/judge/test_lag.py tests/verify/observe/edge/test_certificates.py
  tests/verify/observe/test_http1.py tests/test_credentials.py tests/test_known.py tests/test_ownership.py
  tests/test_registrable.py tests/test_urls.py)

version=$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:2])))')
venv=${2:-.cache/python/$version}
"$python" -m venv --clear "$venv"
lock=$venv/requirements.txt
# an entry of a lock begins a line; its hashes go on in lines that begin with a space
awk '/^[^ ]/ { held = ($0 ~ /^pulumi-(aws|azure-native|cloudflare|gcp)==/) } !held' requirements.txt >"$lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
echo "\$ pytest ${tests[*]}    # Python $version"
"$venv/bin/python" -m pytest -q -n 2 --dist loadfile -p no:cacheprovider "${tests[@]}"
