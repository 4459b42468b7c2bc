#!/usr/bin/env bash
# Surprise: a task that is bound to a worker by its name waits for ever when that worker ends and another one starts under the same name.
# Versions: distributed 2026.8.0; Python 3.11.
# Behaviour: `submit(f, workers=["tokyo"])` is bound to the address that the name has at that moment. The worker that comes again under the name
#   has another address, and the task stays `no-worker` beside it, without an error. A task that is bound by a resource is given to it at once.
#   And `wait` takes the default client: with `Client(…, set_as_default=False)` it raises ValueError at once, which a broad `suppress` hides.
# Guess: a name is an alias that is looked up when the task is given out.
# Seen: as said. linkproof takes such a task back and gives it out again (shards/dask/conduct.py).
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/v"
"$tmp/v/bin/pip" -q --disable-pip-version-check install distributed==2026.8.0
cat > "$tmp/try.py" <<'P'
import os
import subprocess
import sys
import time

from distributed import Client, LocalCluster, wait


def worker(address):
    options = ["--name", "tokyo", "--resources", "here=1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, *options]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    with LocalCluster(n_workers=0, dashboard_address=None) as cluster, Client(cluster, set_as_default=False) as client:
        address = cluster.scheduler_address
        first = worker(address)
        client.wait_for_workers(1)
        by_name = client.submit(time.sleep, 3, workers=["tokyo"], pure=False)
        by_resource = client.submit(os.getpid, resources={"here": 1}, pure=False)
        time.sleep(1)
        first.kill()
        first.wait()
        second = worker(address)
        print("by resource: given to the new one", by_resource.result(timeout=30) in (first.pid, second.pid))
        time.sleep(10)
        print("by name, 10 s after the new one came:", by_name.status)
        try:
            wait([by_name], timeout=1)
        except (ValueError, TimeoutError) as error:
            print("wait:", type(error).__name__, error)
        second.kill()
        second.wait()
P
"$tmp/v/bin/python" "$tmp/try.py" 2>/dev/null
