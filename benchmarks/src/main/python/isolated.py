"""What limits and isolation cost a cell, and how long leases take: the same with isolation off and on, in turns.

Times of leases are the host's own, from a request to the executor's being the notebook's.
"""

import os
import statistics
import tempfile
import time
import urllib.request

import processes
import stored

TURNS = 3
WARMING_CELLS = 200
CELLS = 400
LEASES = 6


def settle(home, isolation):
    os.makedirs(home, exist_ok=True)
    stored.end_all(home)
    with open(os.path.join(home, "settings.properties"), "w") as settings:
        settings.write(f"isolation = {isolation}\nmetrics.port = 0\n")


def waited(home):
    """(how many leases there were, seconds that all of them took)"""
    with open(os.path.join(home, "node.properties")) as file:
        port = dict(line.strip().split("=", 1) for line in file if "=" in line)["metricsPort"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        page = answer.read().decode().splitlines()
    figures = dict(line.split() for line in page if line.startswith("hydrocell_lease_wait_seconds_"))
    return (
        float(figures["hydrocell_lease_wait_seconds_count"]),
        float(figures["hydrocell_lease_wait_seconds_sum"]),
    )


def lease_ms(notebook, home, prepare):
    """Of a notebook whose executor was killed; the median of the leases after that."""
    taken = []
    for _ in range(LEASES):
        prepare(home)
        leases, seconds = waited(home)
        notebook.must_run("1 + 17")
        leases_after, seconds_after = waited(home)
        if leases_after == leases:
            raise RuntimeError("no executor was leased: what was killed was not the notebook's")
        taken.append(1000 * (seconds_after - seconds) / (leases_after - leases))
    return statistics.median(taken)


def kill_all(home):
    """Also the warm ones, again and again, so that none is ready."""
    for _ in range(2):
        for pid in processes.of_role(home, "executor"):
            processes.kill(pid)
        time.sleep(0.05)


def measure(start):
    """All figures. start(session=…) starts a kernel."""
    home = os.environ["HYDROCELL_HOME"]
    taken = {}
    with tempfile.TemporaryDirectory(prefix="hc-isolated-") as folder:
        for turn in range(TURNS):
            for isolation in ("off", "on"):
                settle(home, isolation)
                notebook = start(session=os.path.join(folder, f"{isolation}{turn}.ipynb"))
                notebook.await_kernel_info()
                for _ in range(WARMING_CELLS):
                    notebook.must_run("1 + 1")
                for what, figure in (
                    ("a cell", statistics.median(1000 * notebook.must_run("1 + 1")[0] for _ in range(CELLS))),
                    ("lease of a warm executor", lease_ms(notebook, home, stored.turn_cold)),
                    ("lease of a cold executor", lease_ms(notebook, home, kill_all)),
                ):
                    taken.setdefault((what, isolation), []).append(figure)
                notebook.close()
    settle(home, "off")
    os.remove(os.path.join(home, "settings.properties"))
    figures = {f"{what}, isolation {how}, ms": statistics.median(all) for (what, how), all in taken.items()}
    figures["what isolation adds to a cell, ms"] = (
        figures["a cell, isolation on, ms"] - figures["a cell, isolation off, ms"]
    )
    return figures


def table(figures):
    lines = ["| isolation and leases | hydrocell |", "|---|---|"]
    lines += [f"| {figure} | {value:.1f} |" for figure, value in figures.items()]
    return "\n".join(lines)
