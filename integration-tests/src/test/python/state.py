"""A notebook's state over time and between kernels: versions, earlier values, history."""

import os
import sys
import tempfile
import time

import processes
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def shows(notebook, cell, *texts):
    shown = notebook.must(cell)
    for text in texts:
        must(text in shown, f"{cell!r} shows {shown!r}, not {text!r}")
    return shown


def fails(notebook, cell, *texts):
    outcome = notebook.run(cell)
    must(outcome.status == "error", f"{cell!r} ends {outcome.status}")
    for text in texts:
        must(text in outcome.error, f"{cell!r} says {outcome.error!r}, not {text!r}")


def until(condition, what, limit_s=60):
    deadline = time.monotonic() + limit_s
    while not condition():
        must(time.monotonic() < deadline, what)
        time.sleep(0.02)


def write_at_once(folder, first, second):
    """Has both kernels write the same names on the same base; the attempt at which that came true."""
    for attempt in range(1, 20):
        begun, go = os.path.join(folder, f"begun{attempt}"), os.path.join(folder, f"go{attempt}")
        slow = first.send(
            f'new File("{begun}").createNewFile(); while (!new File("{go}").exists()) Thread.sleep(5); '
            "x = 10; list.add(10);"
        )
        until(lambda: os.path.exists(begun), "the first kernel's cell does not begin")
        # The other kernel's cell waits behind it, once it is compiled; how long that takes nobody says.
        other = second.send("x = 20; list.add(20); list.add(21);")
        time.sleep(0.5 * attempt)
        with open(go, "w"):
            pass
        must(first.finish(slow).status == "ok", "the first kernel's cell failed")
        must(second.finish(other).status == "ok", "the second kernel's cell failed")
        if "every name has one version" not in first.must("%siblings"):
            return
        first.must("list.clear();")
        second.must("x")
    raise AssertionError("two kernels never wrote at once")


def case_two_kernels_write_one_name():
    with tempfile.TemporaryDirectory(prefix="hc-siblings-") as folder:
        first = Notebook(folder)
        first.must("int x = 1; var list = new ArrayList<Integer>(); var alias = list;")
        second = Notebook(folder)
        shows(second, "x", "1")
        write_at_once(folder, first, second)
        told = shows(second, "x", "`x` was written by 2 kernels at once", "of this kernel, 20", "of kernel ")
        must("int" in told and "bytes" in told and "%resolve x N" in told, f"the notice is {told!r}")
        must("alias" in told, f"the notice leaves out what shares objects: {told!r}")
        shows(second, "%siblings", "`list` was written by 2 kernels", "ArrayList")
        shows(second, "%vars", "%siblings")
        fails(second, "%resolve x 3", "'3' is not one version", "1 to 2")
        fails(second, "%resolve nothing 1", "one version only")

        shows(first, "%resolve list theirs", "alias, list")
        shows(first, 'list + " " + (list == alias)', "[20, 21] true")
        shows(second, "list", "[20, 21]")
        shows(second, "%resolve x theirs", "int")
        shows(second, "x", "10")
        shows(first, "x", "10")
        shows(first, "%siblings", "every name has one version")
        shows(first, "%checkout", "x  cell")
        shows(first, "%checkout x", "`x` is as cell")
        shows(first, "x", "20")
        shows(second, "x", "20")
        second.close()
        first.close()


def case_history_of_all_notebooks():
    with tempfile.TemporaryDirectory(prefix="hc-history-") as folder:
        for number, name in enumerate(("one.ipynb", "two.ipynb")):
            notebook = Notebook(folder, name)
            notebook.must(f"int number{number} = {number};")
            notebook.must("%env SECRET=hidden")
            notebook.close()
        notebook = Notebook(folder, "three.ipynb")
        notebook.must("var here = 3;")
        until(
            lambda: "three.ipynb [1] var here" in notebook.must("%history -g"),
            "the present notebook is not in the person's history",
        )
        shown = shows(
            notebook, "%history -g", "one.ipynb [1] int number0 = 0;", "two.ipynb [1] int number1 = 1;"
        )
        must("hidden" not in shown, "a secret is in the history")
        must(shown.index("number0") < shown.index("number1") < shown.index("var here"), shown)
        shown = notebook.must("%history -g number?")
        must("number0" in shown and "number1" in shown and "var here" not in shown, shown)
        shown = notebook.must("%history -g 1 int number*")
        must("number1" in shown and "number0" not in shown, shown)
        shown = notebook.must("%history 10 here")
        must("var here" in shown and "number0" not in shown, shown)
        fails(notebook, "%history -x", "-x")

        request = notebook.client.history(hist_access_type="search", pattern="*here*", n=5)
        reply = notebook.client.get_shell_msg(timeout=30)
        while reply["parent_header"].get("msg_id") != request:
            reply = notebook.client.get_shell_msg(timeout=30)
        sources = [line[2] for line in reply["content"]["history"]]
        must("var here = 3;" in sources and all("here" in s for s in sources), str(sources))
        notebook.close()


def tail(notebook):
    """The numbers of all cells in the history, the oldest first."""
    request = notebook.client.history(hist_access_type="tail", n=100_000, raw=True, output=False)
    while True:
        reply = notebook.client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == request:
            return [line[1] for line in reply["content"]["history"]]


def case_history_has_a_limit():
    """Twenty pages of about 1 MB are kept: of a hundred cells with 300 KB each those that fill them."""
    cells, pages = 100, 20
    with tempfile.TemporaryDirectory(prefix="hc-limit-") as folder:
        notebook = Notebook(folder)
        for i in range(cells):
            notebook.must("// " + "x" * 300_000 + f"\n{i}")
        kept = tail(notebook)
        must(kept == list(range(kept[0], cells + 1)), f"the history is {kept}")
        # A source is kept once, whatever else is told of a cell.
        must(3 * pages <= len(kept) < cells, f"{len(kept)} cells are kept")
        notebook.close()
        notebook = Notebook(folder)
        notebook.must("1 + 1")
        must(tail(notebook)[-2:] == [cells, cells + 1], "the next kernel does not go on with it")
        notebook.close()


def case_earlier_values_can_be_checked_out():
    with tempfile.TemporaryDirectory(prefix="hc-checkout-") as folder:
        notebook = Notebook(folder)
        notebook.must("int n = 1; Object held = List.of(1, 2);")
        notebook.must("n = 2;")
        notebook.must("n = 3;")
        shows(notebook, "%checkout n cell 1", "`n` is as cell [1] left it", "int")
        shows(notebook, "n", "1")
        shows(notebook, "%undo", "went back")
        shows(notebook, "n", "3")
        shows(notebook, "%checkout n cell 2", "as cell [2]")
        shows(notebook, "n", "2")
        fails(notebook, "%checkout n cell 99", "cell [1]")
        fails(notebook, "%checkout nobody", "no earlier value")

        shows(notebook, "held = new Thread();", "`held` cannot be stored")
        for _ in range(40):
            notebook.must("n++;")
        for pid in processes.of_role(HOME, "executor"):
            processes.kill(pid)
        fails(notebook, "held", "`held` is gone", "%checkout held")
        shows(notebook, "%checkout held", "`held` is as cell")
        shows(notebook, "held", "[1, 2]")
        notebook.must("%rm n")
        shows(notebook, "%checkout n", "`n` is as cell")
        shows(notebook, "n", "42")
        notebook.close()


if __name__ == "__main__":
    globals()["case_" + sys.argv[1]]()
    print(sys.argv[1], "ok")
