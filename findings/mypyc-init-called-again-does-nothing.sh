#!/usr/bin/env bash
# Surprise: `object.__init__()` on an object that is there already does nothing in a class that mypyc compiled, and says nothing.
# Versions: mypy 2.4.1 (mypyc), setuptools 80.9.0; Python 3.11; a C compiler with Python's headers.
# Behaviour: in Python the call runs `__init__` again on the same object, which resets what it sets: that is how `os.register_at_fork(after_in_child=
#   random.__init__)` gives a child a state of its own. In the compiled class the same call, by the object or by its class, returns None and runs
#   no line of it; `__init__` runs once, when the object is made. A method of another name does in both what it says.
# Guess: a compiled class does what the source says, or refuses what it cannot do.
# Seen: "py 3 3", "so 2 3". In linkproof a forked process had its parent's DNS ids where the hot path was compiled; a method resets them now (verify/observe/dns/query.py).
set -euo pipefail
command -v cc >/dev/null || { echo "there is no C compiler"; exit 2; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/v"
"$tmp/v/bin/pip" -q --disable-pip-version-check install mypy==2.4.1 setuptools==80.9.0
mkdir "$tmp/python" "$tmp/compiled"
cat > "$tmp/python/block.py" <<'P'
class Block:
    def __init__(self) -> None:
        self.left = 3

    def take(self) -> None:
        self.left -= 1

    def fill(self) -> None:
        self.left = 3
P
cat > "$tmp/setup.py" <<'P'
from mypyc.build import mypycify
from setuptools import setup

setup(name="block", packages=[], ext_modules=mypycify(["python/block.py"]))
P
(cd "$tmp" && "$tmp/v/bin/python" setup.py -q build_ext --build-lib compiled >/dev/null 2>&1)
find "$tmp/compiled" -name 'block*.so' -exec mv {} "$tmp/compiled/" \; 2>/dev/null || true
cat > "$tmp/try.py" <<'P'
import block

one = block.Block()
one.take()
one.__init__()
by_init = one.left
one.fill()
print(block.__file__.rpartition(".")[2], by_init, one.left)
P
said=$(for kind in python compiled; do PYTHONPATH=$tmp/$kind "$tmp/v/bin/python" -P "$tmp/try.py"; done)
echo "$said"
[ "$said" = $'py 3 3\nso 2 3' ]
