"""What an operator sees of a node: usage, metrics, health, logs, space; and what damage costs.
Usage: operations.py figures | damage
"""

import json
import os
import sys
import tempfile
import time
import urllib.request

import processes
from command_line import command
from magics import must
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]
MARK = "zqx" + os.urandom(6).hex()

# Each cell has the mark in a value, a message, a secret or its source; how it ends does not matter.
MARKED_CELLS = [
    f'String first = "{MARK}"; System.out.println(first); System.err.println(first);',
    f'%env SOME_TOKEN={MARK}',
    'System.getenv("SOME_TOKEN")',
    f'throw new IllegalStateException("{MARK}");',
    f'int wrong = "{MARK}" +;',
    f'int alsoWrong = "{MARK}";',
    f'%%bash\necho {MARK}; echo {MARK} >&2',
    f'class Bad {{ static {{ if (true) throw new RuntimeException("{MARK}"); }} }}\nnew Bad();',
    f'class Shy implements java.io.Serializable {{\n'
    f'  private void writeObject(java.io.ObjectOutputStream out) {{ throw new RuntimeException("{MARK}"); }}\n'
    f'  public String toString() {{ throw new RuntimeException("{MARK}"); }}\n'
    f'  public int hashCode() {{ throw new RuntimeException("{MARK}"); }}\n}}\nvar shy = new Shy();\nshy',
    f'var keyed = new HashMap<Object, String>(); keyed.put("{MARK}", "{MARK}"); var socket = new java.net.ServerSocket(0);',
    f'new Thread(() -> {{ throw new RuntimeException("{MARK}"); }}).start(); Thread.sleep(50);',
    f'java.util.concurrent.CompletableFuture.delayedExecutor(50, java.util.concurrent.TimeUnit.MILLISECONDS)'
    f'.execute(() -> System.err.println("{MARK}"));',
    f'new java.util.Timer(true).schedule(new java.util.TimerTask() {{ public void run() {{ System.out.println("{MARK}"); '
    f'throw new RuntimeException("{MARK}"); }} }}, 50);\nThread.sleep(200);',
    f'System.getLogger("{MARK}").log(System.Logger.Level.ERROR, "{MARK}");',
    f'java.lang.ref.Cleaner.create().register(new Object(), () -> System.out.println("{MARK}")); System.gc(); Thread.sleep(100);',
    f'%%async\nThread.sleep(20); String later = "{MARK}"; throw new Exception("{MARK}");',
    f'%maven example.invalid:{MARK}:1',
    f'%checkout {MARK}',
]


def node_file():
    with open(os.path.join(HOME, "node.properties")) as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line)


def get(path):
    with urllib.request.urlopen(f"http://127.0.0.1:{node_file()['metricsPort']}{path}", timeout=60) as answer:
        return answer.read().decode()


def awaited(what, question, limit_s=60):
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if question():
            return
        time.sleep(0.05)
    raise AssertionError(what)


def usage_is_shown(notebook):
    notebook.must("long spent = 0; for (int i = 0; i < 100_000_000; i++) spent += i ^ spent;")
    awaited("no usage of this notebook", lambda: "this notebook: 0 runs" not in notebook.must("%stats"))
    shown = notebook.must("%stats")
    must("you: " in shown and "s of executors" in shown and "s of processors" in shown, shown)
    must("cell [" in notebook.must("%stats 5"), "single cells are not shown")
    status = command("status")
    must("owner " in status and "s of executors" in status and "/metrics" in status, status)


def figures_are_told(user):
    health = json.loads(get("/health"))
    must(health["healthy"] and health["problems"] == [], health)
    page = get("/metrics")
    for line in ("hydrocell_up 1", "hydrocell_kernels 1", "hydrocell_can_lease 1", "hydrocell_log_refused_writes_total 0"):
        must(line in page.splitlines(), f"{line!r} is not in {page}")
    compiled = [line for line in page.splitlines() if line.startswith("hydrocell_compiles_total ")]
    must(int(compiled[0].split()[1]) > 0, "nothing was compiled")
    must(MARK not in page and user not in page.replace("process", ""), "the page names somebody")


def logs_hold_nothing_of_the_user():
    folder, files = os.path.join(HOME, "log"), []
    for parent, _, names in os.walk(folder):
        files += [os.path.join(parent, name) for name in names]
    must(any(name.endswith("node.log") for name in files), f"there is no log: {files}")
    secret = node_file()["secret"]
    for name in files:
        with open(name, errors="replace") as file:
            text = file.read()
        for forbidden in (MARK, secret):
            at = text.find(forbidden)
            must(at < 0, f"{name} holds what it must not: ...{text[max(0, at - 300):at + 200]}")
    with open(os.path.join(folder, "node.log")) as file:
        lines = [json.loads(line) for line in file]
    must(all("level" in line and "formattedMessage" in line and "timestamp" in line for line in lines), lines)


def space_is_freed(notebook):
    for _ in range(40):
        notebook.must("byte[] block = new byte[2 << 20]; new Random().nextBytes(block);")
    shown = command("compact")
    must("the logs have" in shown, shown)
    page = dict(line.split() for line in get("/metrics").splitlines() if line.startswith("hydrocell_") and "{" not in line)
    live, disk = float(page["hydrocell_store_live_bytes"]), float(page["hydrocell_log_bytes"])
    must(disk <= 1.1 * live, f"{disk} bytes on the disk, {live} live")
    must("2097152" in notebook.must("block.length"), "the value went")


def figures(folder):
    with open(os.path.join(HOME, "settings.properties"), "w") as file:
        file.write("metrics.port = 0\n")
    notebook = Notebook(folder)
    usage_is_shown(notebook)
    figures_are_told(os.environ.get("USER", "root"))
    for cell in MARKED_CELLS:
        notebook.run(cell)
    for pid in processes.of_role(HOME, "executor"):
        processes.kill(pid)
    must(MARK in notebook.must("first"), "the value is lost")
    logs_hold_nothing_of_the_user()
    space_is_freed(notebook)
    notebook.close()


def flip_bits_of(pattern):
    """Changes a byte in the middle of the only place in the store's logs that holds the pattern."""
    for parent, _, names in os.walk(os.path.join(HOME, "anna")):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                at = file.read().find(pattern)
            if at >= 0:
                with open(path, "r+b") as file:
                    file.seek(at + len(pattern) // 2)
                    file.write(bytes([pattern[len(pattern) // 2] ^ 0xFF]))
                return
    raise AssertionError("the value is nowhere in the logs")


def damage(folder):
    notebook = Notebook(folder)
    notebook.must("byte[] broken = new byte[30_000]; Arrays.fill(broken, (byte) 0x5A);")
    notebook.must("byte[] whole = new byte[30_000]; Arrays.fill(whole, (byte) 0x3C);\nrecord P(int x) {}\nvar p = new P(5);")
    notebook.close()
    command("stop")
    flip_bits_of(b"\x5a" * 20_000)

    notebook = Notebook(folder)
    shown = notebook.must("whole[9] + p.x()")
    must("65" in shown and "`broken` (cell [1])" in shown and "lost" in shown, shown)
    must("`whole`" not in shown and "`p`" not in shown, shown)
    outcome = notebook.run("broken.length")
    must(outcome.status == "error" and "broken" in outcome.error and "cell [1]" in outcome.error, outcome.error)
    notebook.must("byte[] broken = new byte[10];")
    must("10" in notebook.must("broken.length"), "the name is not defined again")
    notebook.close()
    notebook = Notebook(folder)
    shown = notebook.must("broken.length")
    must("10" in shown and "lost" not in shown, shown)
    notebook.close()


def main(what):
    os.makedirs(HOME, mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hc-operations-") as folder:
        {"figures": figures, "damage": damage}[what](folder)
    print("operations ok")


if __name__ == "__main__":
    main(sys.argv[1])
