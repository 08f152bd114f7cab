"""Random programs of cells, whose processes are killed or stopped for a while, at seeded times and at named
points, while their messages come late, twice and out of order; all names are compared with a model.

Usage: kills.py SEED CELLS [BUG]. With one of the bugs of planted.py, the run must find it.

The model holds what the last committed cell left. A cell whose reply said ok must be there; one that
got another reply or none must be there whole or not at all.
"""

import collections
import os
import random
import signal
import sys
import tempfile
import time

import planted
import processes
from messages import Messages
from notebook import Notebook
from points import POINTS, Points
from program import START, Mismatch, Model, next_cell, state_of

HOME = os.environ["HYDROCELL_HOME"]
ROLES = ["kernel", "executor", "compiler", "node"]
WIRES = ["node", "host", "compiler", "executor"]
# How many of ten faults are of which kind.
KINDS = ["kill"] * 5 + ["point"] * 3 + ["stop", "cut"]
CELLS_BETWEEN_FAULTS = 8
POINT_LIMIT_S = 1
LAST_CELLS = 40


def run_undisturbed(notebook, source):
    outcome = notebook.run(source)
    wanted = "error" if "throw" in source else "ok"
    if outcome.status != wanted:
        raise Mismatch(f"{source!r} ended {outcome.status}: {outcome.error} {outcome.text}")
    return outcome


class Fault:
    """What happens to whom while one cell runs; drawn before, so that a seed replays it."""

    def __init__(self, chance):
        self.kind = chance.choice(KINDS)
        self.role = chance.choice(WIRES if self.kind == "cut" else ROLES)
        self.point = chance.choice(POINTS)
        self.delay_s = chance.choice([0, 0.002, 0.005, 0.01, 0.02, 0.05]) * (1 + chance.random())
        self.pause_s = 0.1 + 0.4 * chance.random()
        self.reached = False

    def __str__(self):
        return f"{self.kind} {self.role}" + (f" at {self.point}" if self.kind == "point" else "")

    @property
    def kills_kernel(self):
        return self.role == "kernel" and self.kind in ("kill", "point")


class Run:
    def __init__(self, seed, folder, messages, points):
        self.seed, self.folder, self.messages, self.points = seed, folder, messages, points
        self.chance = random.Random(seed)
        self.notebook, self.model = Notebook(folder), Model()
        self.cells = 0
        self.last = collections.deque(maxlen=LAST_CELLS)
        self.killed = collections.Counter()
        self.faults = collections.Counter()

    def undisturbed(self):
        source, after = next_cell(self.chance, self.model)
        self.last.append(source)
        after.learn(run_undisturbed(self.notebook, source).text)
        self.model, self.cells = after, self.cells + 1

    def disturbed(self):
        fault = Fault(self.chance)
        source, after = next_cell(self.chance, self.model)
        self.cells += 1
        story = f"seed {self.seed}, cell {self.cells}: {fault} in {source!r}"
        self.last.append(f"{source}  // {fault}")
        outcome = self.strike(fault, source)
        self.last[-1] += f": {outcome.status} {outcome.error or ''}"
        self.faults[fault.kind if fault.kind != "point" or fault.reached else "kill"] += 1
        if outcome.status is None and not fault.kills_kernel:
            raise Mismatch(f"{story}: no reply from a kernel that lives")
        certain = outcome.status == "ok" or (outcome.error or "").endswith("on purpose")
        possible = [after] if certain else [self.model, after]
        now = state_of(self.notebook, story)
        after.learn(outcome.text, "" if outcome.status == "ok" else now)
        fitting = [state for state in possible if state.shown() == now]
        if not fitting:
            raise Mismatch(
                f"{story}: reply {outcome.status} ({outcome.error}), then\n  {now}\nbut expected"
                f" {[state.shown() for state in possible]}"
            )
        self.model = fitting[0]

    def strike(self, fault, source):
        victims = processes.of_role(HOME, fault.role)
        if fault.kind == "point":
            self.points.arm(fault.point)
        request = self.notebook.send(source)
        if fault.kind == "point":
            # Not every cell comes to every point; then this is a kill like others.
            fault.reached = self.points.reached_within(fault.point, POINT_LIMIT_S)
        else:
            time.sleep(fault.delay_s)
        if fault.kind == "stop":
            pause([victim for victim in victims if processes.alive(victim)], fault.pause_s)
        elif fault.kind == "cut":
            self.messages.cut(fault.role)
        else:
            for victim in victims:
                processes.kill(victim)
            self.killed[fault.role] += len(victims)
        if fault.kind == "point":
            self.points.release(fault.point)
        if fault.kills_kernel:
            outcome = self.notebook.finish(request, 5)
            self.notebook.abandon()
            self.notebook = Notebook(self.folder)
        else:
            outcome = self.notebook.finish(request)
        self.points.forget(fault.point)
        return outcome

    def cells_until(self, count):
        self.notebook.must(START)
        while self.cells < count:
            for _ in range(self.chance.randrange(CELLS_BETWEEN_FAULTS)):
                self.undisturbed()
            self.disturbed()
        self.notebook.close()


def pause(victims, seconds):
    for victim in victims:
        os.kill(victim, signal.SIGSTOP)
    time.sleep(seconds)
    for victim in victims:
        os.kill(victim, signal.SIGCONT)


def must_have_happened(run, messages):
    """A run in which nothing was disturbed shows nothing."""
    if messages.failures:
        sys.exit(f"messages were not passed on: {messages.failures}")
    for role in ROLES:
        if not run.killed[role]:
            sys.exit(f"no {role} was ever killed")
    for kind in set(KINDS):
        if not run.faults[kind]:
            sys.exit(f"no fault was a {kind}: {dict(run.faults)}")
    for role in WIRES:
        if not any(of == role for of, _ in messages.faults.done):
            sys.exit(f"no message to or from a {role} came late or twice: {messages.faults.done}")


def main(seed, count, bug):
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="hc-kills-") as folder:
        marks = os.path.join(folder, "points")
        os.mkdir(marks)
        os.environ["HYDROCELL_FAULT_POINTS"] = marks
        messages = Messages(HOME, seed, planted.BUGS[bug]() if bug else None)
        messages.start()
        run = Run(seed, folder, messages, Points(marks))
        try:
            run.cells_until(count)
        except Mismatch as found:
            if not bug:
                raise Mismatch("\n".join([str(found), "after these cells:", *run.last])) from found
            run.notebook.abandon()
            if not any(what == "planted" for _, what in messages.faults.done):
                sys.exit(f"seed {seed}: {bug} was never played, but {found}")
            print(f"seed {seed}: {bug} was found at cell {run.cells}: {found}")
            return
        finally:
            messages.stop()
        if bug:
            sys.exit(f"seed {seed}: {bug} was not found in {run.cells} cells: {dict(messages.faults.done)}")
        print(
            f"seed {seed}: {run.cells} cells, faults {dict(run.faults)}, killed {dict(run.killed)},"
            f" messages {dict(messages.faults.done)}; last state {run.model.shown()}"
        )
        must_have_happened(run, messages)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
