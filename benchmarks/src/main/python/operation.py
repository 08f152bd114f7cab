"""What an operator pays: leases, interrupts, notebooks that come back, many notebooks at once, and a node's
recovery.
"""

import os
import statistics
import tempfile
import threading
import time

import processes
import stored

ROUNDS = 8
NOTEBOOKS = 20
IDLE_NOTEBOOKS = 100
MOST_WARM = 8
OPEN_AT_ONCE = 20
IDLE_LIMIT_S = 300
CELLS_EACH = 40
CELL_CPU_MS = 50
LIVE_MB = 1_000
PIECE_MB = 50

# What a cell is stopped in.
STOPPED = {
    "a loop": "while (true) { }",
    "Thread.sleep": "Thread.sleep(100_000);",
    "blocked input": "new java.io.PipedInputStream(new java.io.PipedOutputStream()).read();",
    "a catch of everything": "while (true) { try { Thread.sleep(1); } catch (Throwable t) { } }",
    "a loop inside the JDK": "LongStream.range(0, Long.MAX_VALUE).sum()",
    "a parallel stream": "LongStream.range(0, Long.MAX_VALUE).parallel().map(x -> x * 3).sum()",
}

BURN = """long burn(long ms) {
  var threads = java.lang.management.ManagementFactory.getThreadMXBean();
  long end = threads.getCurrentThreadCpuTime() + ms * 1_000_000, n = 0;
  while (threads.getCurrentThreadCpuTime() < end) for (int i = 0; i < 10_000; i++) n += i;
  return n;
}"""


def interrupt_ms(notebook, cell):
    """From the request to interrupt until the cell is idle."""
    request = notebook.client.execute(cell)
    while True:
        message = notebook.client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
            break
    time.sleep(0.1)
    began = time.perf_counter()
    notebook.client.control_channel.send(notebook.client.session.msg("interrupt_request", {}))
    while True:
        message = notebook.client.get_iopub_msg(timeout=60)
        state = message["content"].get("execution_state")
        if message["parent_header"].get("msg_id") == request and state == "idle":
            took = 1000 * (time.perf_counter() - began)
            break
    while notebook.client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != request:
        pass
    return took


def interrupts(notebook, figures):
    all_kinds = []
    for kind, cell in STOPPED.items():
        taken = [
            interrupt_ms(notebook, f'System.out.println("begun");\n{cell}') for _ in range(ROUNDS)
        ]
        figures[f"interrupt of {kind}, median ms"] = statistics.median(taken)
        all_kinds += taken
    figures["interrupt of any of these, slowest ms"] = max(all_kinds)


def define_names(notebook):
    notebook.await_kernel_info()
    for first in range(0, 1000, stored.BATCH):
        stored.define(notebook, range(first, first + stored.BATCH))


def come_back(start, start_peer, folder, home, figures):
    """The first cell of a notebook whose executor is gone: it reads 10 of 1,000 names of 1 MB. The
    peer has to start again for that, and to run the cells that define them.
    """
    read = " + ".join(f"v{i}[17]" for i in range(0, 1000, 100))
    notebook = start(session=os.path.join(folder, "back.ipynb"))
    define_names(notebook)
    figures["first cell of an idle notebook, 10 of 1,000 names, ms"] = stored.cold_ms(
        notebook, home, read
    )
    notebook.close()
    if start_peer:
        began = time.perf_counter()
        peer = start_peer()
        define_names(peer)
        peer.must_run(read)
        figures["JJava started again, the defining cells and that cell, ms"] = 1000 * (
            time.perf_counter() - began
        )
        peer.close()


def idle(start, folder, home, figures):
    """What notebooks cost in which nothing runs, open and closed, once their leases have ended. What
    the node keeps for a closed one shows after as many again: at first it also grows by what it needs anyway.
    """
    [node] = processes.of_role(home, "node")
    notebooks = [start(session=os.path.join(folder, f"idle{i}.ipynb")) for i in range(IDLE_NOTEBOOKS)]
    for number, notebook in enumerate(notebooks):
        notebook.await_kernel_info()
        notebook.must_run(f"int mine = {number};")
    deadline = time.monotonic() + IDLE_LIMIT_S
    while len(processes.of_role(home, "executor")) > MOST_WARM and time.monotonic() < deadline:
        time.sleep(1)
    sizes = [stored.resident_mb(notebook.manager.provisioner.process.pid) for notebook in notebooks]
    figures[f"{IDLE_NOTEBOOKS} idle notebooks: executors, warm ones"] = len(
        processes.of_role(home, "executor")
    )
    figures["each open kernel, MB"] = statistics.median(sizes)
    for notebook in notebooks:
        notebook.close()
    time.sleep(5)
    before = stored.resident_mb(node)
    for first in range(IDLE_NOTEBOOKS, 2 * IDLE_NOTEBOOKS, OPEN_AT_ONCE):
        notebooks = [
            start(session=os.path.join(folder, f"idle{first + i}.ipynb")) for i in range(OPEN_AT_ONCE)
        ]
        for notebook in notebooks:
            notebook.await_kernel_info()
            notebook.must_run("int mine = 1;")
        for notebook in notebooks:
            notebook.close()
    time.sleep(5)
    figures["the node for each closed one, KB"] = (
        1024 * (stored.resident_mb(node) - before) / IDLE_NOTEBOOKS
    )


def at_once(start, folder, figures):
    """The same CPU work in many notebooks and in the threads of one."""
    notebooks = []
    for number in range(NOTEBOOKS):
        notebook = start(session=os.path.join(folder, f"many{number}.ipynb"))
        notebooks.append(notebook)
    for notebook in notebooks:
        notebook.await_kernel_info()
        notebook.must_run(BURN)
        notebook.must_run(f"burn({CELL_CPU_MS});")
    waits = []

    def work(notebook, mine):
        for i in range(CELLS_EACH):
            mine.append(notebook.must_run(f"burn({CELL_CPU_MS}); int done = {i};")[0])

    began = time.perf_counter()
    threads = []
    for notebook in notebooks:
        mine = []
        waits.append(mine)
        threads.append(threading.Thread(target=work, args=(notebook, mine)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    apart = time.perf_counter() - began
    one = notebooks[0]
    together = one.must_run(
        f"java.util.stream.IntStream.range(0, {NOTEBOOKS * CELLS_EACH}).parallel()"
        f".forEach(i -> burn({CELL_CPU_MS}));"
    )[0]
    longest = [sum(mine) for mine in waits]
    for notebook in notebooks:
        notebook.close()
    figures[f"{NOTEBOOKS} notebooks × {CELLS_EACH} cells of {CELL_CPU_MS} ms, s"] = apart
    figures["the same work in one JVM, s"] = together
    figures["throughput against one JVM"] = together / apart
    figures["slowest notebook against the mean"] = max(longest) / statistics.mean(longest)


def recovery(start, folder, home, figures):
    """kill -9 of a node that holds a GB, of which each was written twice; until a cell reads of it."""
    notebook = start(session=os.path.join(folder, "large.ipynb"))
    notebook.await_kernel_info()
    pieces = LIVE_MB // PIECE_MB
    for _ in range(2):
        for piece in range(pieces):
            notebook.must_run(
                f"byte[] g{piece} = new byte[{PIECE_MB}_000_000]; new Random().nextBytes(g{piece});"
            )
    for pid in processes.of_role(home, "node"):
        processes.kill(pid)
    time.sleep(1)
    began = time.perf_counter()
    notebook.must_run("1 + 1")
    figures["first cell after the death of a node with 1 GB live, ms"] = 1000 * (
        time.perf_counter() - began
    )
    figures["first read of 50 MB after that, ms"] = 1000 * notebook.must_run("g3[17]")[0]
    notebook.close()


def measure(start, start_peer):
    """All figures. start(session=…) starts a kernel, start_peer() one of JJava; None without it."""
    home = os.environ["HYDROCELL_HOME"]
    figures = {}
    with tempfile.TemporaryDirectory(prefix="hc-operation-") as folder:
        notebook = start(session=os.path.join(folder, "interrupted.ipynb"))
        notebook.await_kernel_info()
        notebook.must_run("1+1")
        interrupts(notebook, figures)
        notebook.close()
        come_back(start, start_peer, folder, home, figures)
        idle(start, folder, home, figures)
        at_once(start, folder, figures)
        recovery(start, folder, home, figures)
    stored.end_all(home)
    return figures


def table(figures):
    lines = ["| in operation | hydrocell |", "|---|---|"]
    lines += [f"| {figure} | {value:.2f} |" for figure, value in figures.items()]
    return "\n".join(lines)
