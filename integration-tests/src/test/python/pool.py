"""Notebooks against the limits of the pool."""

import os
import sys
import tempfile
import time
from queue import Empty

import processes
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def fails(notebook, cell, *texts):
    outcome = notebook.run(cell)
    must(outcome.status == "error", f"{cell!r} ends {outcome.status}")
    for text in texts:
        must(text in outcome.error, f"{cell!r} says {outcome.error!r}, not {text!r}")


def limits(folder):
    """A notebook raises and lowers its limits; a cell beyond one costs only itself."""
    notebook = Notebook(folder)
    notebook.must("int kept = 1;")
    notebook.must("%config heap.limit 128m")
    big = "byte[] big = new byte[200 << 20]; kept + big.length"
    fails(notebook, big, "heap.limit is 128 MB", "%config heap.limit")
    notebook.must("%config heap.limit 512m")
    must("209715201" in notebook.must(big), "the larger heap is not there")
    notebook.must("%rm big")
    notebook.must("%config native.limit 256m")
    swell = """
        var arena = java.lang.foreign.Arena.global();
        while (true) { arena.allocate(1 << 20).fill((byte) 1); Thread.sleep(1); }
        """
    fails(notebook, swell, "native.limit is 256 MB", "Nothing of this cell is kept")
    must("1" in notebook.must("kept"), "what was kept before is gone")
    notebook.must("%config cpu.limit 1")
    must("1" in notebook.must("Runtime.getRuntime().availableProcessors()"), "processors")
    must("this machine gives" in notebook.must("%config heap.limit 900g\n1 + 1"), "no notice of a bound")
    notebook.close()


def settings(lines):
    os.makedirs(HOME, mode=0o700, exist_ok=True)
    with open(os.path.join(HOME, "settings.properties"), "w") as file:
        file.write(lines)


def idle(folder):
    """A notebook that runs nothing holds no executor, and goes on as if nothing had been."""
    settings("executors.warm = 0\nlease.idle = 1\n")
    notebook = Notebook(folder)
    notebook.must("int kept = 41;")
    deadline = time.monotonic() + 120
    while processes.of_role(HOME, "executor"):
        must(time.monotonic() < deadline, "an idle notebook holds its executor")
        time.sleep(0.1)
    must("42" in notebook.must("kept + 1"), "what was kept is gone")
    notebook.close()


def queue(folder):
    """A cell that waits for an executor shows its place, and shows it no more when it runs."""
    settings("executors.max = 1\nexecutors.warm = 0\n")
    one, other = Notebook(folder, "one.ipynb"), Notebook(folder, "other.ipynb")
    long = one.send("System.out.println(\"begun\"); Thread.sleep(600_000);")
    must(one.await_text(long, "begun", 120), "the first cell does not begin")
    waits = other.send("40 + 2")
    must(other.await_text(waits, "place 1 of 1", 120), "no place is shown")
    one.manager.interrupt_kernel()
    one.finish(long)
    shown, ended = [], time.monotonic() + 120
    while time.monotonic() < ended and "42" not in shown:
        try:
            message = other.client.get_iopub_msg(timeout=1)
        except Empty:
            continue
        if message["msg_type"] in ("update_display_data", "execute_result"):
            shown.append(message["content"]["data"]["text/plain"])
    must(shown[-2:] == ["", "42"], f"the place is not taken back before the result: {shown}")
    one.close()
    other.close()


def main():
    with tempfile.TemporaryDirectory(prefix="hc-pool-") as folder:
        globals()[sys.argv[1]](folder)


main()
