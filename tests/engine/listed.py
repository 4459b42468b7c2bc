"""What `pip list` says of this environment, asked once.

The engine has it asked before every operation, for the plug-ins of the packages there; it takes a second each time, and
the answer does not change while tests run.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_ASKED = ["list", "-v", "--format", "json"]
_AGAIN = f"""
import pathlib, runpy, sys

here = pathlib.Path(__file__).parent
if sys.argv[1:] == {_ASKED}:
    print((here / "answer.json").read_text())
else:
    sys.path.remove(str(here.parent))
    del sys.modules["pip"]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


@cache
def listed() -> Path:
    """A folder for PYTHONPATH in which `pip` gives that answer again, and is itself for everything else."""
    answer = subprocess.run([sys.executable, "-m", "pip", *_ASKED], capture_output=True, text=True, check=True).stdout
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    pip = folder / "pip"
    pip.mkdir()
    (pip / "__init__.py").touch()
    (pip / "__main__.py").write_text(_AGAIN)
    (pip / "answer.json").write_text(answer)
    return folder
