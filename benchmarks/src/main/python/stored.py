"""What only a notebook over a store does: times of starting the store, committing and fetching cold.

Cold means: the executor that held the values was killed and another is warm, as after an idle lease.
"""

import os
import statistics
import tempfile
import time

import processes

ROUNDS = 5
BATCH = 50
ROLES = ["kernel", "node", "compiler", "executor"]


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def turn_cold(home):
    """Kills the executors, and waits until another is there and at rest."""
    for pid in processes.of_role(home, "executor"):
        processes.kill(pid)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if processes.of_role(home, "executor"):
            break
        time.sleep(0.05)
    time.sleep(2)


def end_all(home):
    for pid in processes.of_home(home):
        processes.kill(pid)


def cold_ms(notebook, home, cell):
    times = []
    for _ in range(ROUNDS):
        turn_cold(home)
        times.append(1000 * notebook.must_run(cell)[0])
    return statistics.median(times)


def first_result_of_cold_node(start, home):
    """Seconds from kernel_info_reply to the first result when no process of Hydrocell runs."""
    times = []
    for _ in range(ROUNDS):
        end_all(home)
        notebook = start()
        try:
            notebook.await_kernel_info()
            times.append(1000 * notebook.must_run("1+1")[0])
        finally:
            notebook.close()
    return statistics.median(times)


def vectors(notebook, home, figures):
    """A value of 80 MB, made, made and committed, and fetched by an executor without it."""
    made, committed = [], []
    for seed in range(ROUNDS):
        fill = f"new Random({seed}).doubles(10_000_000).toArray()"
        made.append(1000 * notebook.must_run(f"{{ double[] x = {fill}; x[0] = 1; }}")[0])
        committed.append(1000 * notebook.must_run(f"double[] d = {fill};")[0])
    figures["double[10_000_000] made, ms"] = statistics.median(made)
    figures["double[10_000_000] made and committed, ms"] = statistics.median(committed)
    figures["nothing fetched, cold executor, ms"] = cold_ms(notebook, home, "1 + 17")
    figures["double[10_000_000] fetched cold and read, ms"] = cold_ms(notebook, home, "d[17]")


def define(notebook, names):
    notebook.must_run(
        "".join(
            f"byte[] v{i} = new byte[1_000_000]; new Random({i}).nextBytes(v{i});\n" for i in names
        )
    )


def one_of_many(start, folder, home, variables, figures):
    """The same read in a notebook that holds one variable, and in one that holds all."""
    chosen = variables // 2
    for title, names in (("the only", [chosen]), (f"one of {variables}", range(variables))):
        notebook = start(session=os.path.join(folder, f"{len(names)}.ipynb"))
        notebook.await_kernel_info()
        for first in range(0, len(names), BATCH):
            define(notebook, names[first : first + BATCH])
        figures[f"{title} variable read cold (1 MB), ms"] = cold_ms(
            notebook, home, f"v{chosen}[17]"
        )
        notebook.close()


def measure(start, variables):
    """All figures; milliseconds and megabytes. start(session=…) starts a kernel."""
    home = os.environ["HYDROCELL_HOME"]
    figures = {"first result, node also cold, ms": first_result_of_cold_node(start, home)}
    with tempfile.TemporaryDirectory(prefix="hc-bench-") as folder:
        one_of_many(start, folder, home, variables, figures)
        large = start(session=os.path.join(folder, "large.ipynb"))
        large.await_kernel_info()
        vectors(large, home, figures)
        for role in ROLES:
            sizes = [resident_mb(pid) for pid in processes.of_role(home, role)]
            if sizes:
                figures[f"memory of each {role} at the end, MB"] = statistics.median(sizes)
        large.close()
    end_all(home)
    return figures


def table(figures):
    lines = ["| stored state | hydrocell |", "|---|---|"]
    lines += [f"| {figure} | {value:.1f} |" for figure, value in figures.items()]
    return "\n".join(lines)
