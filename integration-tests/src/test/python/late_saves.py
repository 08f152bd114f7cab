"""What a cell changed in a large value is looked for after its reply: the next cell waits for it, and a
death meanwhile loses that and nothing else, and says so.
"""

import os
import resource
import tempfile

import processes
from notebook import Notebook
from points import Points

HOME = os.environ["HYDROCELL_HOME"]
POINT = "EXECUTOR_IN_LATE_CHECK"
ROWS = """var rows = new ArrayList<int[]>();
for (int i = 0; i < 400_000; i++) rows.add(new int[] {i});
int seen = 0;"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def shows(notebook, cell, *texts):
    text = notebook.must(cell)
    for each in texts:
        must(each in text, f"{cell} shows {text}, not {each}")
    return text


class Late:
    """A cell that has been answered while its executor still looks at the rows."""

    def __init__(self, points, notebook, cell):
        self.points = points
        points.arm(POINT)
        shows(notebook, cell)
        points.await_reached(POINT)

    def end(self):
        self.points.release(POINT)

    def forget(self):
        self.points.forget(POINT)


def kill(role):
    for pid in processes.of_role(HOME, role):
        processes.kill(pid)


def changes_are_saved(points, notebook):
    late = Late(points, notebook, "rows.get(7)[0] = -7; seen = rows.size();")
    late.end()
    shows(notebook, "seen + rows.get(7)[0]", "399993")
    late.forget()
    kill("executor")
    shows(notebook, "seen + rows.get(7)[0]", "399993")


def reading_is_no_change(points, notebook):
    late = Late(points, notebook, "int size = rows.size();")
    late.end()
    shows(notebook, "%vars rows", "rows")
    late.forget()
    late = Late(points, notebook, "rows.size()")
    late.end()
    shows(notebook, "%undo", "before cell [5]")
    late.forget()
    must(notebook.run("size").status == "error", "what %undo took back is there")
    shows(notebook, "rows.get(7)[0]", "-7")


def the_next_cell_waits_and_can_be_interrupted(points, notebook):
    late = Late(points, notebook, "rows.get(6)[0] = -6;")
    request = notebook.send("rows.get(6)[0]")
    must(notebook.await_status(request, "busy"), "the cell does not begin")
    outcome = notebook.interrupt(request)
    must(outcome.status == "error" and "before it ran" in outcome.error, f"not {outcome.error}")
    late.end()
    shows(notebook, "rows.get(6)[0]", "-6")
    late.forget()


def what_is_lost_is_named(points, notebook):
    late = Late(points, notebook, "rows.get(8)[0] = -8; seen = 8;")
    kill("executor")
    shows(notebook, "rows.get(8)[0] + seen", "16", "`rows` was not saved", "changed in")
    late.end()
    late.forget()
    return notebook


def saved_without_its_kernel(points, notebook, folder):
    late = Late(points, notebook, "rows.get(9)[0] = -9;")
    notebook.abandon()
    reopened = Notebook(folder)
    late.end()
    text = shows(reopened, "rows.get(9)[0]", "-9")
    must("not saved" not in text, f"{text} speaks of a loss")
    late.forget()
    return reopened


def lost_with_its_kernel(points, notebook, folder):
    late = Late(points, notebook, "rows.get(10)[0] = -10;")
    notebook.abandon()
    kill("executor")
    reopened = Notebook(folder)
    shows(reopened, "rows.get(10)[0]", "10", "`rows` was not saved")
    late.end()
    late.forget()
    shows(reopened, "rows.get(9)[0]", "-9")
    return reopened


def lost_with_the_node(points, notebook):
    late = Late(points, notebook, "rows.get(11)[0] = -11;")
    kill("node")
    late.end()
    text = notebook.run("rows.get(11)[0]")
    if text.status != "ok":
        # The cell that finds the node dead may be the one that says so.
        text = notebook.run("rows.get(11)[0]")
    must(text.status == "ok", f"after the node's death: {text.error}")
    must("-11" in text.text or "`rows` was not saved" in text.text, f"nothing is said of a loss: {text.text}")
    late.forget()


def lost_to_a_full_disk(points, notebook):
    """The executor lives and cannot save what it found: the system lets the node write no file for a while."""
    late = Late(points, notebook, "rows.get(12)[0] = -12; seen = 12;")
    (node,) = processes.of_role(HOME, "node")
    soft, hard = resource.prlimit(node, resource.RLIMIT_FSIZE)
    resource.prlimit(node, resource.RLIMIT_FSIZE, (0, hard))
    try:
        late.end()
        refused = notebook.run("rows.get(12)[0] + seen")
    finally:
        resource.prlimit(node, resource.RLIMIT_FSIZE, (soft, hard))
    must("make room" in refused.error, f"a store that cannot write says {refused.error}")
    shows(notebook, "rows.get(12)[0] + seen", "24", "`rows` was not saved")
    shows(notebook, "rows.get(12)[0] = -12; rows.get(12)[0] + seen", "0")
    late.forget()


def main():
    with tempfile.TemporaryDirectory(prefix="hc-late-") as folder:
        marks = os.path.join(folder, "points")
        os.mkdir(marks)
        os.environ["HYDROCELL_FAULT_POINTS"] = marks
        points, notebook = Points(marks), Notebook(folder)
        notebook.must(ROWS)
        changes_are_saved(points, notebook)
        reading_is_no_change(points, notebook)
        the_next_cell_waits_and_can_be_interrupted(points, notebook)
        what_is_lost_is_named(points, notebook)
        lost_to_a_full_disk(points, notebook)
        notebook = saved_without_its_kernel(points, notebook, folder)
        notebook = lost_with_its_kernel(points, notebook, folder)
        lost_with_the_node(points, notebook)
        notebook.close()


main()
