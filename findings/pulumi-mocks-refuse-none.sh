#!/usr/bin/env bash
# Surprise: a mock that answers an invoke just as the SDK's own abstract method does, and as its type allows, breaks the program with a
#   TypeError that names neither the mock nor the answer.
# Versions: pulumi 3.272.0 (Python SDK alone, with its mocks).
# Behaviour: `pulumi.runtime.Mocks.call` is declared to return the outputs and `None` or a list of failures, and its own body returns
#   `{}, None`. A mock that returns such a pair makes every invoke of the program fail inside the SDK; with an empty list, or with the
#   outputs alone (which the type does not have), the same program passes.
# Guess: "no failures" may be said by None where the type says so, or the answer is refused by name.
# Seen: bare outputs: passes; an empty list: passes; None: TypeError: 'NoneType' object is not iterable.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pulumi==3.272.0
cat > "$work/look.py" <<'PY'
import asyncio
import sys
import typing

import pulumi
from pulumi.runtime import mocks, stack

ANSWERS = {"bare outputs": {"zone": "z1"}, "an empty list": ({"zone": "z1"}, []), "None": ({"zone": "z1"}, None)}


class Answering(mocks.Mocks):
    def __init__(self, answer):
        self.answer = answer

    def call(self, args):
        return self.answer

    def new_resource(self, args):
        return args.name, dict(args.inputs)


def program():
    found = pulumi.runtime.invoke("dns:index:getZone", {"name": "example.net"})
    assert found.value["zone"] == "z1", found.value


async def main(answer):
    mocks.set_mocks(Answering(answer))
    await stack.run_pulumi_func(program)


try:
    asyncio.run(main(ANSWERS[sys.argv[1]]))
except Exception as error:
    print(f"{type(error).__name__}: {error}")
else:
    print("passes")
promised = typing.get_type_hints(mocks.Mocks.call)["return"]
assert type(None) in typing.get_args(typing.get_args(promised)[1]), promised
PY
fail() { echo "CHANGED: $*" >&2; exit 1; }
for answer in "bare outputs" "an empty list" "None"; do
  said=$("$work/venv/bin/python" "$work/look.py" "$answer")
  echo "$answer: $said"
  case "$answer" in
    None) [ "$said" = "TypeError: 'NoneType' object is not iterable" ] || fail "None is taken" ;;
    *) [ "$said" = passes ] || fail "$answer is refused" ;;
  esac
done
