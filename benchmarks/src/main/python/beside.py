"""What asynchronous cells cost and save: the reply of %%async, cells that wait beside each other, and what
%config async=auto adds to cells that depend on each other.
"""

import os
import statistics
import tempfile

ROUNDS = 5
WAIT_MS = 1000
WAITING = 4


def cell_ms(notebook, cell):
    return 1000 * notebook.must_run(cell)[0]


def replies(notebook, times):
    """How long a submission takes; nothing else is under way."""
    taken = []
    for i in range(times):
        taken.append(cell_ms(notebook, f"%%async\nThread.sleep(5); int submitted = {i};"))
        notebook.must_run("%wait")
    return taken


def waits(notebook):
    """Independent cells that wait, from the first request until all of them have ended."""
    taken = []
    for i in range(ROUNDS + 1):
        cells = [f"Thread.sleep({WAIT_MS}); int w{n} = {i};" for n in range(WAITING)]
        taken.append(sum(cell_ms(notebook, cell) for cell in [*cells, "%wait"]))
    # The first round leases the executors.
    return taken[1:]


def chain(notebook, mode, times):
    """Cells that each need the one before: a loop, so that nothing shows that they end soon."""
    notebook.must_run(f"%config async={mode}")
    notebook.must_run("long link = 0;")
    taken = [
        cell_ms(notebook, f"for (int i = 0; i < 2; i++) link += {n % 10};") for n in range(times)
    ]
    notebook.must_run("%wait")
    return statistics.median(taken[times // 5 :])


def measure(start, times):
    """All figures in milliseconds. start(session=…) starts a kernel."""
    with tempfile.TemporaryDirectory(prefix="hc-beside-") as folder:
        notebook = start(session=os.path.join(folder, "beside.ipynb"))
        try:
            notebook.await_kernel_info()
            notebook.must_run("1+1")
            replies(notebook, 3)
            taken = replies(notebook, max(10, times // 10))
            notebook.must_run("%config async=auto")
            together = waits(notebook)
            off = chain(notebook, "off", times)
            auto = chain(notebook, "auto", times)
        finally:
            notebook.close()
    return {
        "reply of a %%async cell, median ms": statistics.median(taken),
        "reply of a %%async cell, slowest ms": max(taken),
        f"{WAITING} independent cells of {WAIT_MS} ms, async=auto, median ms": statistics.median(together),
        "a cell that depends on the one before, async=off, median ms": off,
        "the same, async=auto, median ms": auto,
        "what async=auto adds, ms": auto - off,
    }


def table(figures):
    lines = ["| cells beside each other | hydrocell |", "|---|---|"]
    lines += [f"| {figure} | {value:.1f} |" for figure, value in figures.items()]
    return "\n".join(lines)
