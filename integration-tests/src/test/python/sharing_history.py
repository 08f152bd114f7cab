"""What cells of several notebooks saw of shared names, and whether one order explains it.

Notebooks write two names together, `x` and `y`, with who wrote and the how many-th time, and add 1 to a counter in
the same cell. `problems` looks at all histories afterwards; `each_broken_variant_is_found` breaks them in every way
that it must notice.
"""

import copy
import os
import random
import re
import threading
import time

import processes
from asynchronous import must
from notebook import Notebook
from points import Points

READ = '"<" + x + "|" + y + "|" + x + ">"'
LIMIT_S = 60


class History:
    """One notebook's cells in their order: `("wrote", n, kept)` and `("read", x, y, again)`."""

    def __init__(self, folder, name, seed):
        self.folder, self.name, self.random = folder, name, random.Random(seed)
        self.notebook, self.events, self.wrote, self.failure = None, [], 0, None

    def open(self):
        self.notebook = Notebook(self.folder, f"{self.name}.ipynb")

    def source(self):
        self.wrote += 1
        return f'x = "{self.name}:{self.wrote}"; y = x; Shared.counter("written").add(1);'

    def write(self):
        self.notebook.must(self.source())
        self.events.append(("wrote", self.wrote, True))

    def read(self):
        text = self.notebook.must(READ)
        self.events.append(("read", *text[text.rindex("<") + 1 : text.rindex(">")].split("|")))
        return self.events[-1][1]

    def run(self, steps):
        try:
            for _ in range(steps):
                if self.random.random() < 0.5:
                    self.write()
                self.read()
        except BaseException as e:
            self.failure = repr(e)


def problems(histories, counted):
    """Everything that no order of whole cells explains."""
    found = []
    kept = {(name, n) for name, events in histories.items() for kind, n, *more in events if kind == "wrote" and more[0]}
    kept.add(("p", 0))
    for name, events in histories.items():
        seen, newest = {}, 0
        for kind, *what in events:
            if kind == "wrote":
                newest = what[0] if what[1] else newest
                continue
            x, y, again = what
            if x != y:
                found.append(f"{name}: fractured read of {x} and {y}")
            if x != again:
                found.append(f"{name}: {x} became {again} within a cell")
            for value in {x, y, again}:
                writer, number = value.split(":")
                if (writer, int(number)) not in kept:
                    found.append(f"{name}: dirty read of {value}")
                if int(number) < seen.get(writer, 0):
                    found.append(f"{name}: backward read of {value} after {writer}:{seen[writer]}")
                if writer == name and int(number) != newest:
                    found.append(f"{name}: {value} is not its own newest, {newest}")
                seen[writer] = max(int(number), seen.get(writer, 0))
    writes = len(kept) - 1
    if counted < writes:
        found.append(f"{writes - counted} commits were lost")
    if counted > writes:
        found.append(f"{counted - writes} commits counted twice")
    return found


def each_broken_variant_is_found(histories, counted):
    """Breaks a history that was seen in each way; all must be reported as what they are."""
    name, at = next((n, i) for n, events in histories.items() for i, e in enumerate(events) if e[0] == "read" and not e[1].startswith(n))
    writer, number = histories[name][at][1].split(":")

    def broken(replaced):
        variant = copy.deepcopy(histories)
        replaced(variant)
        return variant

    def read(*what):
        return lambda variant: variant[name].__setitem__(at, ("read", *what))

    def unkept(variant):
        index = next(i for i, e in enumerate(variant[writer]) if e[0] == "wrote" and e[1] == int(number))
        variant[writer][index] = ("wrote", int(number), False)

    def then_older(variant):
        value = f"{writer}:{int(number) - 1}"
        variant[name].insert(at + 1, ("read", value, value, value))

    def without_own(variant):
        variant[name].insert(at + 1, ("wrote", 10_000, True))
        variant[name].insert(at + 2, ("read", f"{name}:1", f"{name}:1", f"{name}:1"))

    value, other = f"{writer}:{number}", f"{writer}:{int(number) - 1}"
    for what, variant, count in (
        ("fractured", broken(read(value, other, value)), counted),
        ("within a cell", broken(read(value, value, other)), counted),
        ("dirty", broken(read("q:99999", "q:99999", "q:99999")), counted),
        ("dirty", broken(unkept), counted - 1),
        ("backward", broken(then_older), counted),
        ("own newest", broken(without_own), counted + 1),
        ("lost", histories, counted - 1),
        ("twice", histories, counted + 1),
    ):
        must(any(what in each for each in problems(variant, count)), f"{what} is not found: {problems(variant, count)}")
    must(not problems(histories, counted), "the history itself is broken")


def counted(notebook):
    return int(re.search(r"<(\d+)>", notebook.must('"<" + Shared.counter("written").value() + ">"')).group(1))


def await_value(history, value, story):
    deadline = time.monotonic() + LIMIT_S
    while history.read() != value:
        must(time.monotonic() < deadline, f"{story}: {history.name} has {history.events[-1]}, not {value}")


def deaths_within_a_publication(writer, reader, points, home):
    """A process dies at a named point between a commit and what others see of it: all of it comes, once, or nothing."""
    for point, role, committed in (
        ("EXECUTOR_BEFORE_MERGE", "executor", False),
        ("EXECUTOR_AFTER_MERGE", "executor", True),
        ("KERNEL_BEFORE_SHARED_VALUE", "kernel", True),
        ("KERNEL_BEFORE_PUBLICATION", "kernel", True),
        ("KERNEL_AFTER_PUBLICATION", "kernel", True),
    ):
        story = f"{role} killed at {point}"
        before = reader.read()
        points.arm(point)
        request = writer.notebook.send(writer.source())
        points.await_reached(point)
        seen = reader.read()
        must(seen == before or point == "KERNEL_AFTER_PUBLICATION", f"{story}: {seen} is seen before it is shared")
        if role == "kernel":
            writer.notebook.abandon()
            writer.open()
        else:
            for pid in processes.of_role(home, "executor"):
                processes.kill(pid)
            points.release(point)
            must(writer.notebook.finish(request).status == "error", f"{story}: nobody noticed")
        points.forget(point)
        writer.events.append(("wrote", writer.wrote, committed))
        value = writer.read()
        must((value == f"{writer.name}:{writer.wrote}") == committed, f"{story}: {writer.name} has {value}")
        await_value(reader, value, story)


def every_cell_reads_one_cut_that_never_goes_back(folder, home, points, steps=10):
    histories = [History(folder, name, seed) for seed, name in enumerate(("p", "q", "r"))]
    first, second, third = histories
    try:
        for history in histories:
            history.open()
        first.notebook.must('String x = "p:0"; String y = "p:0";')
        first.notebook.must("%share x y")
        for history in histories[1:]:
            history.notebook.must("%use x y")
        for deadly in (None, "kernel", "executor"):
            if deadly == "kernel":
                second.notebook.abandon()
                second.open()
            elif deadly == "executor":
                for pid in processes.of_role(home, "executor"):
                    processes.kill(pid)
            threads = [threading.Thread(target=h.run, args=(steps,)) for h in histories]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for history in histories:
                must(not history.failure, f"{history.name} after {deadly}: {history.failure}")
        must(all(h.wrote for h in histories), "somebody wrote nothing")
        third.notebook.run("%resolve x mine")
        third.notebook.run("%resolve y mine")
        third.write()
        await_value(first, f"r:{third.wrote}", "after all")
        deaths_within_a_publication(first, second, points, home)
        each_broken_variant_is_found({h.name: h.events for h in histories}, counted(third.notebook))
    finally:
        for history in histories:
            if history.notebook:
                history.notebook.close()
