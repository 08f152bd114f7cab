"""What sharing costs: a commit until it is in another person's next cell, a fork, and counters under many writers.

Two people are two data folders on one shared store, which knows them as one user of the system: rights are looked at
all the same, and RightsCost measures those of another user.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

PIECE_MB = 50
PIECES = 20
NOTEBOOKS = 4
WRITERS_EACH = 25
ADDS_EACH = 20_000
ROUNDS = 5

COUNT = f"""var hits = Shared.counter("hits");
var writers = new ArrayList<Thread>();
for (int i = 0; i < {WRITERS_EACH}; i++) writers.add(Thread.ofPlatform().start(() -> {{ for (int n = 0; n < {ADDS_EACH}; n++) hits.add(1); }}));
for (var writer : writers) writer.join();"""


class People:
    """A shared store and two people who use it."""

    def __init__(self, start, folder, java, dist):
        self.start, self.folder = start, folder
        store = os.path.join(folder, "s")
        self.process = subprocess.Popen([java, f"@{dist}/node.args", "--shared", store], stdout=subprocess.PIPE, text=True)
        if "HYDROCELL_STORE=" not in self.process.stdout.readline():
            raise RuntimeError("the shared store did not start")
        self.command = [java, "-cp", f"{dist}/lib/*", "hydrocell.install.CommandLine"]
        self.env = []
        for name in ("a", "b"):
            home = os.path.join(folder, name)
            os.makedirs(home)
            with open(os.path.join(home, "store.secret"), "w") as f:
                f.write("5" * 64)
            self.env.append({"HYDROCELL_HOME": home, "HYDROCELL_STORE": store})

    def open(self, person, name):
        """The first (0) or the second (1) person's notebook."""
        home = os.path.join(self.folder, name)
        notebook = self.start(session=home, more=self.env[person])
        notebook.await_kernel_info()
        notebook.must_run("1 + 1")
        return notebook

    def close(self):
        for env in self.env:
            subprocess.run([*self.command, "stop"], env={**os.environ, **env}, stdout=subprocess.DEVNULL, check=True)
        self.process.terminate()
        self.process.wait(60)


def visible(people, times, figures):
    """From the reply of a cell that wrote until another person's next cell has shown it."""
    one, two = people.open(0, "one.ipynb"), people.open(1, "two.ipynb")
    try:
        one.must_run("int board = 0;")
        one.must_run("%share board")
        two.must_run("%use board")
        unchanged, changed = [], []
        for i in range(1, times + 1):
            one.must_run(f"board = {i};")
            took, text = two.must_run("board")
            if not text.rstrip().endswith(str(i)):
                raise RuntimeError(f"cell {i} shows {text!r}")
            changed.append(1000 * took)
            unchanged.append(1000 * two.must_run("board")[0])
    finally:
        one.close()
        two.close()
    figures["another person's next cell, which shows a commit, median ms"] = statistics.median(changed)
    figures["the same, p95 ms"] = sorted(changed)[int(0.95 * len(changed))]
    figures["the same cell when nothing changed, median ms"] = statistics.median(unchanged)


def fork(people, figures):
    """A notebook of 1 GB, shared and opened; %open is its own cell and nothing else."""
    large = people.open(0, "large.ipynb")
    taken = []
    try:
        for i in range(PIECES):
            large.must_run(f"byte[] g{i} = new byte[{PIECE_MB}_000_000]; new Random({i}).nextBytes(g{i});")
        figures[f"sharing a notebook of {PIECES * PIECE_MB:,} MB, ms"] = 1000 * large.must_run("%share notebook --fork")[0]
        for i in range(ROUNDS):
            new = people.open(0, f"fork{i}.ipynb")
            try:
                taken.append(1000 * new.must_run("%open large.ipynb")[0])
                new.must_run("g0[17]")
            finally:
                new.close()
    finally:
        large.close()
    figures["opening a fork of it, median ms"] = statistics.median(taken)
    figures["opening a fork of it, slowest ms"] = max(taken)


def at_once(works):
    """Runs all of these at the same time; seconds."""
    failures = []

    def run(work):
        try:
            work()
        except Exception as e:
            failures.append(e)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - began


def redis_increments(folder, clients, count):
    """INCR of one key by so many clients; increments a second. None without redis."""
    if not shutil.which("redis-server") or not shutil.which("redis-benchmark"):
        return None
    socket = os.path.join(folder, "redis.sock")
    command = ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while subprocess.run(["redis-cli", "-s", socket, "ping"], capture_output=True).returncode:
            if server.poll() is not None:
                raise RuntimeError("redis-server did not start")
            time.sleep(0.05)
        command = ["redis-benchmark", "-s", socket, "-c", str(clients), "-n", str(count), "--csv", "INCR", "hits"]
        for _ in range(2):  # The first warms it up.
            lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return float(lines[-1].split(",")[1].strip('"'))
    finally:
        server.terminate()
        server.wait(60)


def counter(people, folder, figures):
    """Writers in several notebooks add to one counter; every addition counts, and all of them must be there."""
    notebooks = [people.open(i % 2, f"count{i}.ipynb") for i in range(NOTEBOOKS)]
    total = NOTEBOOKS * WRITERS_EACH * ADDS_EACH
    try:
        for notebook in notebooks:
            notebook.must_run(COUNT)
        taken = [at_once([lambda each=each: each.must_run(COUNT) for each in notebooks]) for _ in range(ROUNDS)]
        took, counted = notebooks[0].must_run('Shared.counter("hits").value()')
    finally:
        for notebook in notebooks:
            notebook.close()
    ours = total / statistics.median(taken)
    figures[f"shared counter, {NOTEBOOKS * WRITERS_EACH} writers in {NOTEBOOKS} notebooks, increments/s"] = ours
    figures["increments that were lost"] = total * (ROUNDS + 1) - int(counted)
    redis = redis_increments(folder, NOTEBOOKS * WRITERS_EACH, total)
    if redis:
        figures[f"Redis INCR from {NOTEBOOKS * WRITERS_EACH} clients, increments/s"] = redis
        figures["shared counter / Redis INCR"] = ours / redis


def measure(start, java, dist, times):
    """All figures. start(session=…, more=…) starts a kernel with more in its environment."""
    figures = {}
    with tempfile.TemporaryDirectory(prefix="hcs", dir="/tmp") as folder:
        people = People(start, folder, java, dist)
        try:
            visible(people, times, figures)
            fork(people, figures)
            counter(people, folder, figures)
        finally:
            people.close()
    return figures


def table(figures):
    lines = ["| sharing | hydrocell |", "|---|---|"]
    lines += [f"| {figure} | {value:,.2f} |" for figure, value in figures.items()]
    return "\n".join(lines)
