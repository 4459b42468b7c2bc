#!/usr/bin/env bash
# Compiles the hot path of DNS (linkproof/compiled.py) and runs the tests that drive it once more: with it, where the usual run was Python,
# and as Python where it had been built. Usage: tools/compiled.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
tests=(tests/verify/observe/dns tests/verify/test_event_loop.py tests/verify/test_replay.py tests/faults/test_window.py tests/faults/test_network.py
  tests/faults/test_servers.py tests/faults/test_real_resolvers.py tests/fuzz/test_invariants.py)
which() { "$python" -c 'import linkproof.verify.observe.dns.query as module; print(module.__file__.rpartition(".")[2])'; }
show() { echo "\$ $*"; "$@"; }
if [ "$(which)" = so ]; then
  export LINKPROOF_COMPILED=off
  [ "$(which)" = py ] || { echo "error: LINKPROOF_COMPILED=off does not switch it off"; exit 1; }
else
  show "$python" -m linkproof.compiled
  [ "$(which)" = so ] || { echo "error: what was compiled is not used"; exit 1; }
fi
show "$python" -m pytest -q -n 2 --dist loadfile -p no:cacheprovider "${tests[@]}"
