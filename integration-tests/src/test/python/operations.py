"""What an operator sees of a node: usage, metrics, health, logs. Usage: operations.py"""

import json
import os
import subprocess
import tempfile
import time
import urllib.request

import processes
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


def command(*words):
    dist, java = os.environ["HYDROCELL_TEST_DIST"], os.environ["HYDROCELL_TEST_JAVA"]
    done = subprocess.run(
        [java, "-cp", f"{dist}/lib/*", "hydrocell.install.CommandLine", *words],
        capture_output=True, text=True, timeout=180,
    )
    must(done.returncode == 0, f"{words} ended {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


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


def main():
    os.makedirs(HOME, mode=0o700, exist_ok=True)
    with open(os.path.join(HOME, "settings.properties"), "w") as file:
        file.write("metrics.port = 0\n")
    with tempfile.TemporaryDirectory(prefix="hc-operations-") as folder:
        notebook = Notebook(folder)
        usage_is_shown(notebook)
        figures_are_told(os.environ.get("USER", "root"))
        for cell in MARKED_CELLS:
            notebook.run(cell)
        for pid in processes.of_role(HOME, "executor"):
            processes.kill(pid)
        must(MARK in notebook.must("first"), "the value is lost")
        logs_hold_nothing_of_the_user()
        notebook.close()
    print("operations ok")


if __name__ == "__main__":
    main()
