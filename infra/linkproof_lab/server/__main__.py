"""`python -m linkproof_lab.server --state DIR`: the lab in the foreground, with the settings that the folder holds."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from linkproof.errors import LinkproofError

from linkproof_lab.server.parts import PARTS
from linkproof_lab.server.run import run
from linkproof_lab.settings import LabSettings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m linkproof_lab.server", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, metavar="DIR", help="the lab's folder")
    parser.add_argument("--parts", default=",".join(PARTS), help="start only these, separated by commas")
    options = parser.parse_args()
    parts = tuple(options.parts.split(","))
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        parser.error(f"unknown part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    settings = LabSettings.load(options.state.resolve())
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=settings.log_file, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in (
        "aiohttp.access",
        "asyncio",
        "httpx",
    ):  # the last writes whole URLs, and KARTE's hook has a key in its
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        asyncio.run(run(settings, parts))
    except LinkproofError as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 -- a traceback would hide the fix
        if not os.path.samestat(os.fstat(sys.stderr.fileno()), settings.log_file.stat()):
            sys.stderr.write(f"{error}\n")  # `lab up` leads it to the log, which has it already
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
