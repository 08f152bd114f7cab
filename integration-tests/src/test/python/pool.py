"""Notebooks against the limits of the pool."""

import sys
import tempfile

from notebook import Notebook


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


def main():
    with tempfile.TemporaryDirectory(prefix="hc-pool-") as folder:
        globals()[sys.argv[1]](folder)


main()
