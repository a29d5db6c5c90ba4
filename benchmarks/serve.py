"""What `greenpark serve` takes: python -m benchmarks.serve HOME

Asks the same small question again and again, by one client and by eight, over HTTP and straight
from the file; prints a table for benchmarks/README.md.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import psutil

QUERY = "select year, co2_t from bi.province_year where co2_t is not null order by year"
TOKEN = "a-token-for-the-benchmark"
PORT = 8643
TIMES = 60
COMMAND = (sys.executable, "-m", "orchestration.cli", "serve")


def _asked(clients: int) -> list[float]:
    """Seconds of each answer."""
    found: list[float] = []

    def client() -> None:
        for _ in range(TIMES):
            began = time.perf_counter()
            line = http.client.HTTPConnection("127.0.0.1", PORT)
            line.request("POST", "/query", QUERY, {"authorization": f"Bearer {TOKEN}"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200
            found.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def main(home: Path) -> None:
    """Print the table."""
    server = subprocess.Popen(
        [*COMMAND, "--home", str(home), "--port", str(PORT)],
        stdout=subprocess.PIPE,
        env=os.environ | {"GREENPARK_TOKEN": TOKEN},
    )
    assert server.stdout is not None
    server.stdout.readline()
    seen = psutil.Process(server.pid)
    while not any(line.status == psutil.CONN_LISTEN for line in seen.net_connections()):
        time.sleep(0.05)
    print("| clients | answers | median, ms | 95 %, ms | CPU of the server, ms | MiB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for clients in (1, 8):
        before = sum(seen.cpu_times()[:2])
        found = sorted(_asked(clients))
        spent = sum(seen.cpu_times()[:2]) - before
        print(
            f"| {clients} | {len(found)} | {statistics.median(found) * 1000:.0f} "
            f"| {found[int(len(found) * 0.95)] * 1000:.0f} | {spent / len(found) * 1000:.0f} "
            f"| {seen.memory_info().rss / 2**20:.0f} |"
        )
    server.terminate()
    server.wait()
    with duckdb.connect(str(home / "current" / "greenpark.duckdb"), read_only=True) as connection:
        began = time.process_time()
        for _ in range(TIMES):
            connection.execute(QUERY).fetchall()
        print(f"straight from the file: {(time.process_time() - began) / TIMES * 1000:.0f} ms CPU")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
