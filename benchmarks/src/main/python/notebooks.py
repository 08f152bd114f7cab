"""Times whole kernels as a Jupyter client sees them, side by side in one run.

For every kernel: start to kernel_info_reply, the first result, small cells with new and with repeated
source, and memory. The programs mean the same in Java and in Python. Then what only Hydrocell does: a
node that starts with the kernel, reading stored values on an executor that has none of them
(stored.py), cells that run beside each other (beside.py), sharing (sharing.py), what an operator pays (operation.py),
and what isolation costs (isolated.py). Prints Markdown tables with ratios. Run it with `install/hydrocell benchmark`.
"""

import argparse
import json
import os
import statistics
import sys
import time
from queue import Empty

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

import beside
import isolated
import operation
import sharing
import stored


class Notebook:
    """One running kernel and a blocking client on it."""

    def __init__(self, spec, env=None, session=None):
        self.spec = spec
        environment = dict(os.environ, **(env or {}))
        if session:
            environment["JPY_SESSION_NAME"] = session
        self.manager = KernelManager(kernel_name=spec)
        self.started_at = time.perf_counter()
        self.manager.start_kernel(env=environment)
        self.client = self.manager.blocking_client()
        self.client.start_channels()

    def await_kernel_info(self, deadline_s=60):
        """Asks for kernel_info until it is answered; seconds since the process was started."""
        end = time.perf_counter() + deadline_s
        while time.perf_counter() < end:
            request = self.client.kernel_info()
            try:
                while True:
                    reply = self.client.get_shell_msg(timeout=0.5)
                    if reply["parent_header"].get("msg_id") == request:
                        took = time.perf_counter() - self.started_at
                        self.await_outputs(end)
                        return took
            except Empty:  # not up yet
                continue
        raise TimeoutError(f"{self.spec} did not answer kernel_info in {deadline_s} s")

    def await_outputs(self, end):
        """Asks until iopub says something: what a kernel publishes before that is lost."""
        while time.perf_counter() < end:
            try:
                self.client.get_iopub_msg(timeout=0.2)
                return
            except Empty:
                self.client.kernel_info()
        raise TimeoutError(f"{self.spec} publishes nothing")

    def run(self, code, deadline_s=120):
        """Runs a cell; (seconds to idle, text of its outputs, whether it failed)."""
        began = time.perf_counter()
        request = self.client.execute(code)
        output, failed = [], False
        while True:
            message = self.client.get_iopub_msg(timeout=deadline_s)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind == "stream":
                output.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                output.append(content["data"].get("text/plain", ""))
            elif kind == "error":
                failed = True
                output.append("\n".join(content["traceback"]))
        took = time.perf_counter() - began
        while True:
            reply = self.client.get_shell_msg(timeout=deadline_s)
            if reply["parent_header"].get("msg_id") == request:
                break
        return took, "".join(output), failed

    def must_run(self, code):
        took, output, failed = self.run(code)
        if failed:
            raise RuntimeError(f"{self.spec}: {code!r} failed:\n{output}")
        return took, output

    def ask(self, request, deadline_s=60):
        """Waits for the answer to a request on the shell channel; (seconds since began, content)."""
        began = time.perf_counter()
        sent = request()
        while True:
            reply = self.client.get_shell_msg(timeout=deadline_s)
            if reply["parent_header"].get("msg_id") == sent:
                return time.perf_counter() - began, reply["content"]

    def complete(self, code):
        took, content = self.ask(lambda: self.client.complete(code, len(code)))
        if not content["matches"]:
            raise RuntimeError(f"{self.spec}: nothing is proposed for {code!r}")
        return took

    def inspect(self, code, cursor):
        return self.ask(lambda: self.client.inspect(code, cursor))[0]

    def resident_mb(self):
        """Memory of the kernel's process tree below the one that Jupyter started."""
        total = 0
        for pid in descendants(self.manager.provisioner.pid):
            try:
                with open(f"/proc/{pid}/status") as status:
                    for line in status:
                        if line.startswith("VmRSS:"):
                            total += int(line.split()[1])
            except OSError:
                pass
        return total / 1024

    def close(self, restart=False):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False, restart=restart)


def descendants(pid):
    found, todo = [], [pid]
    while todo:
        each = todo.pop()
        found.append(each)
        try:
            for task in os.listdir(f"/proc/{each}/task"):
                with open(f"/proc/{each}/task/{task}/children") as children:
                    todo += [int(child) for child in children.read().split()]
        except OSError:
            pass
    return found


def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def slope_percent(times):
    """By how much the median of the last tenth exceeds that of the second tenth."""
    tenth = max(1, len(times) // 10)
    early = statistics.median(times[tenth : 2 * tenth])
    late = statistics.median(times[-tenth:])
    return 100 * (late / early - 1)


def measure_typing(notebook, times):
    """How long completion and inspection take, beside other names and in code that does not end."""
    python = notebook.spec.startswith("python")
    notebook.must_run('text = "a"' if python else 'var text = "a";')
    unfinished = "print(text.%s" if python else "System.out.println(text.%s"
    letters = ["st", "re", "is", "en"]
    codes = [unfinished % letters[i % len(letters)] for i in range(times)]
    first, *warm = [1000 * notebook.complete(code) for code in codes]
    inspected = ("print(1)", 4) if python else ("Math.max(1, 2)", 8)
    asked, *again = [1000 * notebook.inspect(*inspected) for _ in range(times)]
    return {
        "first completion, ms": first,
        "completion, median ms": statistics.median(warm),
        "completion, p95 ms": quantile(warm, 0.95),
        "first inspection, ms": asked,
        "inspection, median ms": statistics.median(again),
        "inspection, p95 ms": quantile(again, 0.95),
    }


def measure(spec, cells, starts, env):
    """All figures of one kernel; milliseconds and megabytes."""
    figures = {}
    info, first = [], []
    for _ in range(starts):
        notebook = Notebook(spec, env)
        try:
            info.append(notebook.await_kernel_info())
            first.append(notebook.must_run("1+1")[0])
        finally:
            notebook.close()
    figures["exec → kernel_info_reply, ms"] = 1000 * statistics.median(info)
    figures["first result after that, ms"] = 1000 * statistics.median(first)
    notebook = Notebook(spec, env)
    try:
        notebook.await_kernel_info()
        notebook.must_run("1+1")
        time.sleep(1)
        figures["kernel memory idle, MB"] = notebook.resident_mb()
        fresh = [notebook.must_run(f"{i} + 1")[0] * 1000 for i in range(100, 100 + cells)]
        figures["new source each time, median ms"] = statistics.median(fresh)
        figures["new source each time, p95 ms"] = quantile(fresh, 0.95)
        figures["slope over the cells, %"] = slope_percent(fresh)
        same = [notebook.must_run("1 + 1")[0] * 1000 for _ in range(cells)]
        figures["same source again, median ms"] = statistics.median(same)
        figures["same source again, p95 ms"] = quantile(same, 0.95)
        figures["kernel memory after the cells, MB"] = notebook.resident_mb()
        figures.update(measure_typing(notebook, max(10, cells // 5)))
    finally:
        notebook.close()
    return figures


def table(results):
    """Rows are figures, columns kernels; beside each figure of the first the ratio to each peer."""
    specs = list(results)
    subject, peers = specs[0], specs[1:]
    head = ["", subject] + [column for peer in peers for column in (peer, f"{subject} / {peer}")]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for figure in results[subject]:
        row = [figure, f"{results[subject][figure]:.1f}"]
        for peer in peers:
            other = results[peer][figure]
            ratio = "–" if figure.startswith("slope") else f"{results[subject][figure] / other:.2f}"
            row += [f"{other:.1f}", ratio]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def installed(spec):
    """The java that a kernelspec starts, and the folder of the installed copy."""
    java, flags = KernelSpecManager().get_kernel_spec(spec).argv[:2]
    return java, os.path.dirname(flags.removeprefix("@"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", nargs="+", default=["hydrocell", "java", "python3"])
    parser.add_argument("--cells", type=int, default=300)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--java-bin", help="folder put first on the PATH of every kernel")
    parser.add_argument("--variables", type=int, default=1000, help="of 1 MB each, in the large notebook")
    parser.add_argument(
        "--parts", nargs="+", default=["kernels", "stored", "beside", "sharing", "operation", "isolation"]
    )
    parser.add_argument("--json", help="where the raw figures go")
    arguments = parser.parse_args()
    env = {}
    if arguments.java_bin:
        env["PATH"] = arguments.java_bin + os.pathsep + os.environ["PATH"]
    known = KernelSpecManager().find_kernel_specs()
    missing = [spec for spec in arguments.kernels if spec not in known]
    if missing:
        sys.exit(f"no kernelspec named {', '.join(missing)}; there are {', '.join(sorted(known))}")
    results = {}

    def start(more=None, **options):
        return Notebook(arguments.kernels[0], {**env, **(more or {})}, **options)

    def start_java():
        return Notebook("java", env)

    peer = start_java if "java" in arguments.kernels else None
    if "kernels" in arguments.parts:
        results = {
            spec: measure(spec, arguments.cells, arguments.starts, env)
            for spec in arguments.kernels
        }
        print(table(results), flush=True)
    for part, module, figures in (
        ("stored", stored, lambda: stored.measure(start, arguments.variables)),
        ("beside", beside, lambda: beside.measure(start, arguments.cells)),
        ("sharing", sharing, lambda: sharing.measure(start, *installed(arguments.kernels[0]), arguments.cells)),
        ("operation", operation, lambda: operation.measure(start, peer)),
        ("isolation", isolated, lambda: isolated.measure(start)),
    ):
        if part in arguments.parts:
            results[part] = figures()
            print(f"\n{module.table(results[part])}", flush=True)
    stored.end_all(os.environ["HYDROCELL_HOME"])
    if arguments.json:
        with open(arguments.json, "w") as out:
            json.dump(results, out, indent=1)


if __name__ == "__main__":
    main()
