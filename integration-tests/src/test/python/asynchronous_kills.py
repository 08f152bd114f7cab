"""Asynchronous cells whose kernel, executor, or both are killed: each goes on or is told of, and its effect on the
notebook's names is exactly once."""

import os
import resource
import tempfile
import time

import processes
from asynchronous import Page, gate, must, open_gate
from points import Points

HOME = os.environ["HYDROCELL_HOME"]


def effects(folder, name):
    """How often a cell began, by the lines that it left in a file."""
    path = f"{folder}/{name}"
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return f.read().split()


def leave_effect(folder, name):
    """Java that appends this process's number to a file."""
    return (
        f'java.nio.file.Files.writeString(java.nio.file.Path.of("{folder}/{name}"),'
        ' ProcessHandle.current().pid() + "\\n", java.nio.file.StandardOpenOption.CREATE,'
        " java.nio.file.StandardOpenOption.APPEND);\n"
    )


def await_effect(folder, name, count=1, limit_s=60):
    deadline = time.monotonic() + limit_s
    while len(effects(folder, name)) < count:
        must(time.monotonic() < deadline, f"{name} did not begin")
        time.sleep(0.02)
    return int(effects(folder, name)[-1])


def reopened(notebook):
    """Kills the kernel, and opens the notebook again with another one."""
    processes.kill(notebook.pid)
    notebook.abandon()
    return Page(notebook.folder, notebook.name)


def kernel_killed(notebook, folder):
    notebook.must("int base = 1;")
    notebook.must(
        "%%async\n"
        + leave_effect(folder, "k-runs")
        + gate(folder, "k-gate")
        + '\nSystem.out.println("said late");\nint kept = base + 1;'
    )
    notebook.must("%%async\nint chain = kept * 10;")
    notebook.must("base = 100;")
    await_effect(folder, "k-runs")
    fresh = reopened(notebook)
    reader = fresh.send("kept + chain")
    must(fresh.await_text(reader, "waits for"), "the reader does not wait for the cell that goes on")
    open_gate(folder, "k-gate")
    read = fresh.finish(reader)
    must("22" in read.text, f"{read.text} {read.error}")
    must("100" in fresh.must("base"), "what was written later is lost")
    must(len(effects(folder, "k-runs")) == 1, "the cell ran more than once")
    must("said late" in fresh.must("%outputs"), "%outputs does not show what it said")
    return fresh


def executor_killed(notebook, folder):
    sent = notebook.send(
        "%%async\n" + leave_effect(folder, "e-runs") + gate(folder, "e-gate") + "\nint lost = 5;"
    )
    notebook.finish(sent)
    processes.kill(await_effect(folder, "e-runs"))
    must(notebook.await_text(sent, "failed after"), "nobody says that it failed")
    read = notebook.run("lost + 1")
    must(read.status == "error" and "its executor was lost" in read.error, read.error)
    must(len(effects(folder, "e-runs")) == 1, "a cell with effects ran again")
    open_gate(folder, "e-gate")
    notebook.must("int lost = 6;")
    must("7" in notebook.must("lost + 1"), "it does not heal")
    return notebook


def both_killed(notebook, folder):
    notebook.must(
        "%%async\n" + leave_effect(folder, "b-runs") + gate(folder, "b-gate") + "\nint gone = 5;"
    )
    notebook.must("%%async\nint after = gone + 1;")
    notebook.must("%%async\nint beside = 8;")
    executor = await_effect(folder, "b-runs")
    processes.kill(notebook.pid)
    processes.kill(executor)
    notebook.abandon()
    fresh = Page(notebook.folder, notebook.name)
    read = fresh.run("after")
    must(read.status == "error" and "executor ended while it ran" in read.error, read.error)
    must("8" in fresh.must("beside"), "a cell beside it is lost")
    must(len(effects(folder, "b-runs")) == 1, "a cell with effects ran again")
    open_gate(folder, "b-gate")
    fresh.must("%%async\nint gone = 6;")
    fresh.must("%%async\nint after = gone + 1;")
    must("7" in fresh.must("after"), "it does not heal")
    return fresh


def node_and_kernel_killed(notebook, folder):
    notebook.must("int root = 3;")
    notebook.must(
        "%%async\n" + leave_effect(folder, "n-runs") + gate(folder, "n-gate") + "\nint stem = root + 1;"
    )
    notebook.must("%%async\nint leaf = stem + 1;")
    await_effect(folder, "n-runs")
    processes.kill(notebook.pid)
    for pid in processes.of_role(HOME, "node"):
        processes.kill(pid)
    notebook.abandon()
    fresh = Page(notebook.folder, notebook.name)
    read = fresh.run("leaf")
    must(read.status == "error" and "`stem` failed" in read.error, f"{read.text} {read.error}")
    must("3" in fresh.must("root"), "what was committed before is lost")
    return fresh


def shared_once_whoever_commits_first(notebook, folder):
    """An asynchronous cell's executor dies between its commit and the merge of what it shared, after a later cell
    has shared something."""
    notebook.must('var shared = Shared.counter("of-jobs");')
    notebook.must("%%async\n" + gate(folder, "s-gate") + '\nShared.counter("of-jobs").add(1);\nint made = 1;')
    notebook.must("shared.add(10);")
    points = Points(os.environ["HYDROCELL_FAULT_POINTS"])
    points.arm("EXECUTOR_AFTER_MERGE")
    open_gate(folder, "s-gate")
    points.await_reached("EXECUTOR_AFTER_MERGE")
    for pid in processes.of_role(HOME, "executor"):
        processes.kill(pid)
    points.forget("EXECUTOR_AFTER_MERGE")
    must("1" in notebook.must("made"), "what the cell committed is lost")
    must("11" in notebook.must("shared.value()"), notebook.must("shared.value()"))
    must("11" in notebook.must("shared.value()"), "it is counted again")
    return notebook


def a_full_disk_keeps_nobody_from_reading(notebook, folder):
    """What an asynchronous cell shared waits to be removed from the manifest, which is a write."""
    notebook.must('%%async\nShared.counter("of-jobs").add(1);\nint more = 5;')
    notebook.must("%wait more")
    (node,) = processes.of_role(HOME, "node")
    soft, hard = resource.prlimit(node, resource.RLIMIT_FSIZE)
    resource.prlimit(node, resource.RLIMIT_FSIZE, (0, hard))
    try:
        read = notebook.run("%vars more")
    finally:
        resource.prlimit(node, resource.RLIMIT_FSIZE, (soft, hard))
    must(read.status == "ok" and "more" in read.text, f"a full disk keeps from reading: {read.error}")
    must("12" in notebook.must("shared.value()"), "what was shared is lost")
    return notebook


def main():
    with tempfile.TemporaryDirectory(prefix="hc-ak-") as folder:
        os.environ["HYDROCELL_FAULT_POINTS"] = os.path.join(folder, "points")
        os.mkdir(os.environ["HYDROCELL_FAULT_POINTS"])
        notebook = Page(folder)
        done = False
        try:
            for case in (
                shared_once_whoever_commits_first,
                a_full_disk_keeps_nobody_from_reading,
                kernel_killed,
                executor_killed,
                both_killed,
                node_and_kernel_killed,
            ):
                notebook = case(notebook, folder)
                print(case.__name__, "ok", flush=True)
            open_submissions = notebook.must("%jobs")
            must("queued" not in open_submissions, open_submissions)
            done = True
        finally:
            # After a failure there may be no kernel that could be asked to end.
            if done:
                notebook.close()
            elif processes.alive(notebook.pid):
                processes.kill(notebook.pid)


if __name__ == "__main__":
    main()
