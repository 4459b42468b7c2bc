"""What goes out: nobody can guess it, and no process repeats another's."""

from __future__ import annotations

import subprocess
import sys

# a process of its own: this one has threads, with which nobody should fork
FORKS = """
import os
from linkproof.verify.observe.dns.query import make_query

def asked():
    return b"".join(make_query("a-name.of.many.letters.example.", "A").wire[:40] for _ in range(8)).hex()

asked()
reading, writing = os.pipe()
if not os.fork():
    os.write(writing, asked().encode())
    os._exit(0)
os.wait()
print(os.read(reading, 10_000).decode(), asked())
"""


def test_a_forked_process_has_random_octets_of_its_own():
    said = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True).stdout
    child, parent = said.split()
    assert len(child) == len(parent)
    assert child != parent
