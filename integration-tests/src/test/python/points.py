"""Kills every process at every named point on a cell's path, and compares all names with a model.

Usage: points.py [POINT ROLE]. The points are those of hydrocell.anna.fault.FaultPoint: the process that
reaches an armed one waits there; then one process is killed, and the waiting one may go on.
"""

import os
import sys
import tempfile
import time

import processes
from notebook import Notebook
from program import MOST_WORDS, START, Model, state_of

POINTS = [
    "KERNEL_BEFORE_COMPILE",
    "COMPILER_BEFORE_COMPILE",
    "COMPILER_AFTER_COMPILE",
    "KERNEL_BEFORE_EXECUTE",
    "EXECUTOR_BEFORE_FETCH",
    "EXECUTOR_BEFORE_RUN",
    "EXECUTOR_AFTER_RUN",
    "EXECUTOR_BEFORE_VALUES",
    "EXECUTOR_BEFORE_MERGE",
    "EXECUTOR_AFTER_MERGE",
    "NODE_BEFORE_LOG",
    "NODE_BEFORE_ACKNOWLEDGEMENT",
    "KERNEL_BEFORE_REPLY",
    "KERNEL_AFTER_REPLY",
]
ROLES = ["kernel", "executor", "compiler", "node"]
# Once an executor has the cell, it finishes and commits it without its kernel.
FINISHED_WITHOUT_KERNEL = [point for point in POINTS if point.startswith("EXECUTOR")]
LIMIT_S = 30


class Points:
    """The folder by which this process and the stopped one talk."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, point, what):
        return os.path.join(self.folder, f"{point}.{what}")

    def arm(self, point):
        open(self.path(point, "armed"), "w").close()

    def await_reached(self, point):
        if not self.reached_within(point, LIMIT_S):
            raise AssertionError(f"nobody came to {point}")

    def reached_within(self, point, limit_s):
        """Waits until somebody stands there; whether somebody does."""
        deadline = time.monotonic() + limit_s
        while not os.path.exists(self.path(point, "reached")):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def release(self, point):
        open(self.path(point, "go"), "w").close()

    def forget(self, point):
        for what in ("armed", "reached", "go"):
            if os.path.exists(self.path(point, what)):
                os.remove(self.path(point, what))


def changing_cell(model):
    """Changes a number, a pair of numbers and a list that has two names."""
    after = model.copy()
    after.c = after.a * 10
    after.a += 1
    if len(after.same) >= MOST_WORDS:
        after.same.clear()
    after.same.append(f"s{after.a}")
    return (
        f'c = a * 10L; a++; if (same.size() >= {MOST_WORDS}) same.clear(); same.add("s{after.a}"); b++;',
        after,
    )


def await_state(notebook, expected, story):
    deadline = time.monotonic() + LIMIT_S
    now = state_of(notebook, story)
    while now != expected.shown():
        if time.monotonic() > deadline:
            raise AssertionError(f"{story}: the names hold {now}, not {expected.shown()}")
        now = state_of(notebook, story)


def strike(notebook, model, points, point, role, folder):
    """One kill at one point; the notebook and the model after it."""
    story = f"{role} killed at {point}"
    source, after = changing_cell(model)
    points.arm(point)
    request = notebook.send(source)
    points.await_reached(point)
    victims = processes.of_role(os.environ["HYDROCELL_HOME"], role)
    if not victims:
        raise AssertionError(f"{story}: there is none")
    for victim in victims:
        processes.kill(victim)
    points.release(point)
    if role == "kernel":
        outcome = notebook.finish(request, 5)
        notebook.abandon()
        notebook = Notebook(folder)
    else:
        outcome = notebook.finish(request)
        if outcome.status is None:
            raise AssertionError(f"{story}: no reply from a kernel that lives")
    points.forget(point)
    if outcome.status == "ok" or (role == "kernel" and point in FINISHED_WITHOUT_KERNEL):
        await_state(notebook, after, story)
        return notebook, after
    now = state_of(notebook, story)
    for state in (model, after):
        if state.shown() == now:
            return notebook, state
    raise AssertionError(
        f"{story}: reply {outcome.status} ({outcome.error}), then\n  {now}\n"
        f"but expected {model.shown()} or {after.shown()}"
    )


def main(chosen):
    pairs = [chosen] if chosen else [(point, role) for point in POINTS for role in ROLES]
    with tempfile.TemporaryDirectory(prefix="hc-points-") as folder:
        marks = os.path.join(folder, "points")
        os.mkdir(marks)
        os.environ["HYDROCELL_FAULT_POINTS"] = marks
        notebook, model, points = Notebook(folder), Model(), Points(marks)
        notebook.must(START)
        for point, role in pairs:
            began = time.monotonic()
            notebook, model = strike(notebook, model, points, point, role, folder)
            print(f"{point}, {role}: {model.shown()} after {time.monotonic() - began:.1f} s", flush=True)
        notebook.close()


if __name__ == "__main__":
    main(tuple(sys.argv[1:3]))
