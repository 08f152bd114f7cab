"""A class: many notebooks opened and run at once, then mixed cells in all of them for a while. Afterwards nothing
of them is left but what they stored. Usage: soak.py NOTEBOOKS SECONDS [SEED]
"""

import os
import random
import sys
import tempfile
import threading
import time

import processes
from command_line import command
from magics import must
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]
CELL_LIMIT_S = 300
REST_LIMIT_S = 180
MOST_EXECUTORS = 8
IDLE_S = 2
MOST_KERNEL_MB = 100
MOST_STORED_MB = 5
VALUE_BYTES = 400_000

# Of the node's files and threads each executor takes some, and a few come and go.
FOR_EACH_EXECUTOR = 8
COME_AND_GO = 16


class Pupil:
    """A person at one notebook, who knows what its names must hold."""

    def __init__(self, folder, number, seed):
        self.folder, self.number = folder, number
        self.random = random.Random(f"{seed}/{number}")
        self.count, self.version, self.cells = 0, 0, 0
        self.first_s, self.kernel_mb = None, 0
        self.notebook = None

    def open(self):
        self.notebook = Notebook(self.folder, f"pupil{self.number}.ipynb")

    def first_cell(self, together):
        together.wait()
        began = time.monotonic()
        text = self.notebook.must(f"int count = 0; {self.number} * 2", CELL_LIMIT_S)
        must(text.endswith(str(self.number * 2)), f"the first cell of {self.number} shows {text!r}")
        self.first_s = time.monotonic() - began

    def must(self, cell, shown=""):
        """Its place in the queue may be shown before what the cell shows."""
        text = self.notebook.must(cell, CELL_LIMIT_S)
        must(text.strip().endswith(shown), f"{cell!r} shows {text!r}, not {shown!r}")

    def counts(self):
        self.count += 1
        self.must("count += 1;\ncount", str(self.count))

    def stores(self):
        fill = self.random.randrange(100)
        self.must(f"byte[] data = new byte[{VALUE_BYTES}]; Arrays.fill(data, (byte) {fill}); data[17]", str(fill))

    def redefines(self):
        self.version += 1
        self.must(f"record Step(int at) {{ int next() {{ return at + {self.version}; }} }}\nvar step = new Step(1);")
        self.must("step.next()", str(1 + self.version))

    def prints(self):
        self.must('for (int i = 0; i < 2_000; i++) System.out.println("line " + i);')

    def fails(self):
        outcome = self.notebook.run("count += 1_000_000; throw new IllegalStateException();", CELL_LIMIT_S)
        must(outcome.status == "error", f"a cell that throws ends {outcome.status}")
        self.count += 1_000_000

    def interrupts(self):
        request = self.notebook.send("Thread.sleep(600_000);")
        must(self.notebook.await_status(request, "busy", CELL_LIMIT_S), "the cell never begins")
        must(self.notebook.interrupt(request).status == "error", "an interrupted cell does not end")

    def goes_on_beside(self):
        self.must("%%async\nThread.sleep(50);\nint beside = 7;")
        self.must("beside", "7")

    def starts_threads_and_files(self):
        self.must(
            'new Thread(() -> { try { Thread.sleep(100); } catch (InterruptedException e) { } }).start();\n'
            'java.nio.file.Files.createTempFile("soak", ".txt").toFile().exists()',
            "true",
        )

    def comes_back(self):
        self.notebook.close()
        self.open()
        self.must("count", str(self.count))

    def work(self, until):
        kinds = [
            self.counts, self.counts, self.counts, self.stores, self.stores, self.redefines, self.prints,
            self.fails, self.interrupts, self.goes_on_beside, self.starts_threads_and_files, self.comes_back,
        ]
        while time.monotonic() < until:
            self.random.choice(kinds)()
            self.cells += 1
        self.must("count", str(self.count))
        self.kernel_mb = resident_mb(self.notebook.pid)


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))


def together(actions):
    """Does all at once; the first failure is raised."""
    failures = []

    def guarded(action):
        try:
            action()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def size_of(folder):
    return sum(
        os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names
    )


def threads_of(pid):
    """But for those with which a JVM waits for the ends of processes: they go after an idle minute."""
    count = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm") as name:
                count += not name.read().startswith("process reaper")
        except FileNotFoundError:
            continue
    return count


def held():
    """What the node has open, and what lies about."""
    node = processes.of_role(HOME, "node")[0]
    executors = len(processes.of_role(HOME, "executor"))
    return {
        "executors": executors,
        "kernels": len(processes.of_role(HOME, "kernel")),
        "files of the node": len(os.listdir(f"/proc/{node}/fd")),
        "threads of the node": threads_of(node),
        "folders of executors": len(os.listdir(os.path.join(HOME, "scratch"))),
    }


def has_let_go():
    """Whether the node knows of no kernel and of no session that has an executor."""
    told = command("status")
    return "notebooks 0 open" in told and ", session " not in told


def at_rest():
    """Waits until leases have ended and only warm executors are there; what is held then."""
    deadline = time.monotonic() + REST_LIMIT_S
    while True:
        now = held()
        busy = now["kernels"] or now["folders of executors"] > now["executors"] or now["executors"] > MOST_EXECUTORS
        if not busy and has_let_go() or time.monotonic() > deadline:
            return now
        time.sleep(0.5)


def soak(folder, notebooks, seconds, seed):
    print(f"seed {seed}", flush=True)
    alone = Pupil(folder, 0, seed)
    alone.open()
    alone.must("int count = 0; count", "0")
    alone.notebook.close()
    before = at_rest()
    pupils = [Pupil(folder, number, seed) for number in range(1, notebooks + 1)]
    together([pupil.open for pupil in pupils])
    start = threading.Barrier(notebooks)
    together([lambda pupil=pupil: pupil.first_cell(start) for pupil in pupils])
    firsts = sorted(pupil.first_s for pupil in pupils)
    until = time.monotonic() + seconds
    together([lambda pupil=pupil: pupil.work(until) for pupil in pupils])
    largest = max(pupil.kernel_mb for pupil in pupils)
    must(largest < MOST_KERNEL_MB, f"a kernel has {largest:.0f} MB")
    together([pupil.notebook.close for pupil in pupils])
    after = at_rest()
    cells = sum(pupil.cells for pupil in pupils)
    print(f"{notebooks} notebooks, {cells} cells, first ones after {firsts[0]:.1f} to {firsts[-1]:.1f} s,")
    print(f"kernels of up to {largest:.0f} MB; held before {before}, after {after}")
    must(cells >= notebooks, f"only {cells} cells in {notebooks} notebooks")
    must(after["kernels"] == 0, "a kernel is left")
    must(has_let_go(), command("status"))
    must(after["executors"] <= MOST_EXECUTORS, f"{after['executors']} executors are left")
    must(after["folders of executors"] <= after["executors"], "a folder of an executor is left")
    more = COME_AND_GO + FOR_EACH_EXECUTOR * max(0, after["executors"] - before["executors"])
    for what in ("files of the node", "threads of the node"):
        must(after[what] <= before[what] + more, f"{what}: {before[what]} before, {after[what]} after")
    print(command("compact").strip())
    stored_mb = size_of(os.path.join(HOME, "anna")) / 1e6
    must(stored_mb < MOST_STORED_MB * (notebooks + 1), f"{notebooks} notebooks take {stored_mb:.0f} MB")
    for pupil in pupils:
        pupil.open()
        pupil.must("count", str(pupil.count))
        pupil.notebook.close()


def main():
    notebooks, seconds = int(sys.argv[1]), float(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    os.makedirs(HOME, mode=0o700, exist_ok=True)
    with open(os.path.join(HOME, "settings.properties"), "w") as settings:
        settings.write(f"executors.max = {MOST_EXECUTORS}\nlease.idle = {IDLE_S}\n")
    with tempfile.TemporaryDirectory(prefix="hc-soak-") as folder:
        soak(folder, notebooks, seconds, seed)


main()
