"""What goes wrong outside a cell: each fault has a clear message and loses nothing.

Usage: faults.py CASE; the cases are the functions whose names begin with case_.
"""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time

import zmq

import processes
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]
DIST = os.environ["HYDROCELL_TEST_DIST"]
JAVA = os.environ["HYDROCELL_TEST_JAVA"]


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def until(condition, what, limit_s=30):
    deadline = time.monotonic() + limit_s
    while not condition():
        must(time.monotonic() < deadline, f"{what}: not within {limit_s} s")
        time.sleep(0.05)


def kernel(arguments, home=HOME, limit_s=60):
    """Runs a kernel that should end by itself; its exit code and what it said."""
    done = subprocess.run(
        [JAVA, f"@{DIST}/kernel.args", *arguments],
        env=dict(os.environ, HYDROCELL_HOME=home),
        capture_output=True,
        text=True,
        timeout=limit_s,
    )
    return done.returncode, done.stdout + done.stderr


def case_two_kernels_on_one_notebook():
    with tempfile.TemporaryDirectory(prefix="hc-two-") as folder:
        first = Notebook(folder)
        first.must("int mine = 1; int shared = 1;")
        second = Notebook(folder)
        must("1" in second.must("mine"), "the second kernel does not see the first one's names")
        second.must("int theirs = 2;")
        must("2" in first.must("theirs"), "the first kernel does not see the second one's commit")
        first.must("shared = 10;")
        must("10" in second.must("shared"), "a later commit is not seen")
        first.must('String shared = "abc";')
        must("3" in second.must("shared.length()"), "a cell was compiled for a type of before")
        first.close()
        must("3" in second.must("mine + theirs"), "the second kernel lost names with the first")
        second.close()


def case_stale_lock_of_a_dead_process():
    with tempfile.TemporaryDirectory(prefix="hc-stale-") as folder:
        notebook = Notebook(folder)
        notebook.must("int kept = 7;")
        for role in ("kernel", "executor", "compiler", "node"):
            for pid in processes.of_role(HOME, role):
                processes.kill(pid)
        notebook.abandon()
        must(os.path.getsize(os.path.join(HOME, "node.lock")) > 0, "the lock names nobody")
        must(os.path.exists(os.path.join(HOME, "node.properties")), "the node's file is gone")
        again = Notebook(folder)
        must("7" in again.must("kept"), "the name is lost")
        again.close()


def case_two_nodes_starting_at_once():
    nodes = [
        subprocess.Popen(
            [JAVA, f"@{DIST}/node.args"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(4)
    ]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and sum(node.poll() is None for node in nodes) > 1:
        time.sleep(0.05)
    running = [node for node in nodes if node.poll() is None]
    must(len(running) == 1, f"{len(running)} nodes run")
    for node in nodes:
        if node is not running[0]:
            must(node.returncode == 0, f"a node that gave way said {node.stdout.read()!r}")
    while time.monotonic() < deadline and not os.path.exists(os.path.join(HOME, "node.properties")):
        time.sleep(0.05)
    with open(os.path.join(HOME, "node.properties")) as f:
        must(f"pid={running[0].pid}\n" in f.read(), "the node's file names another process")
    running[0].terminate()
    must(running[0].wait(timeout=20) in (0, 143), "the node did not end in order")
    must(not os.path.exists(os.path.join(HOME, "node.properties")), "the node's file stays")


def case_unwritable_directory():
    with tempfile.TemporaryDirectory(prefix="hc-unwritable-") as folder:
        # A file in the way refuses root, too.
        blocked = os.path.join(folder, "blocked")
        with open(blocked, "w") as f:
            f.write("not a folder")
        done = subprocess.run(
            [JAVA, f"@{DIST}/node.args"],
            env=dict(os.environ, HYDROCELL_HOME=os.path.join(blocked, "home")),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        said = done.stdout + done.stderr
        must(done.returncode != 0, "the node runs without a folder")
        must("HYDROCELL_HOME" in said and blocked in said, f"not clear: {said!r}")
        must("\tat " not in said, f"a stack trace is no message: {said!r}")
        with open(blocked) as f:
            must(f.read() == "not a folder", "the file was touched")


def case_missing_connection_file():
    code, said = kernel(["/nowhere/connection.json"])
    must(code != 0 and "/nowhere/connection.json" in said, f"{code}: {said!r}")
    must("\tat " not in said, f"a stack trace is no message: {said!r}")
    code, said = kernel([])
    must(code != 0 and "CONNECTION_FILE" in said, f"{code}: {said!r}")


def case_wrong_connection_file():
    wrong = {
        "not JSON": "{",
        "ipc": json.dumps({"transport": "ipc", "ip": "x", "key": "k"}),
        "no ports": json.dumps({"transport": "tcp", "ip": "127.0.0.1", "key": "k"}),
        "other signature": json.dumps({"transport": "tcp", "signature_scheme": "hmac-md5"}),
    }
    with tempfile.TemporaryDirectory(prefix="hc-wrong-") as folder:
        for what, text in wrong.items():
            path = os.path.join(folder, "connection.json")
            with open(path, "w") as f:
                f.write(text)
            code, said = kernel([path])
            must(code != 0 and path in said, f"{what}: {code}: {said!r}")
            must("\tat " not in said, f"{what}: a stack trace is no message: {said!r}")


def case_bad_messages():
    with tempfile.TemporaryDirectory(prefix="hc-bad-") as folder:
        notebook = Notebook(folder)
        notebook.must("int steady = 5;")
        session = notebook.client.session
        good = session.serialize(
            session.msg("execute_request", {"code": "steady = 6;", "silent": False})
        )
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.linger = 0
        socket.connect(notebook.client._make_url("shell"))
        marker, signature = good[0], good[1]
        for frames in (
            [marker, b"0" * 64, *good[2:]],
            [marker, b"", *good[2:]],
            [marker, signature, *good[2:4]],
            [marker, signature],
            [marker],
            [b"hello"],
            [b""],
            [marker, signature, *good[2:5], good[5][:-3]],
        ):
            socket.send_multipart(frames)
        must("5" in notebook.must("steady"), "a badly signed message was obeyed")
        socket.close()
        notebook.close()


def case_files_are_private():
    with tempfile.TemporaryDirectory(prefix="hc-private-") as folder:
        notebook = Notebook(folder)
        notebook.must('String secret = "to nobody else";')
        for name, folders, files in os.walk(HOME):
            for entry in folders + files:
                path = os.path.join(name, entry)
                if not os.path.islink(path) and os.stat(path).st_mode & (
                    stat.S_IRWXG | stat.S_IRWXO
                ):
                    parent = os.stat(name).st_mode
                    must(not parent & 0o077, f"{path} is open to others")
        for pid in processes.of_home(HOME):
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().decode()
            with open(os.path.join(HOME, "node.properties")) as f:
                secret = [line for line in f if line.startswith("secret=")][0][7:].strip()
            must(secret not in words, "a secret is on a command line")
        notebook.close()


def case_all_executors_killed_while_nobody_runs_a_cell():
    """Again and again: each time the host has as many children's ends to notice as it has children."""
    with tempfile.TemporaryDirectory(prefix="hc-all-") as folder:
        notebook = Notebook(folder)
        try:
            notebook.must("int kept = 42;")
            for round_number in range(4):
                killed = processes.of_role(HOME, "executor")
                must(killed, "an executor runs")
                for pid in killed:
                    processes.kill(pid)
                until(
                    lambda: set(processes.of_role(HOME, "executor")) - set(killed),
                    "another executor is started",
                )
                text = notebook.must("kept", 30)
                must("42" in text, f"round {round_number}: the name is still there, not {text!r}")
        finally:
            notebook.close()


def case_node_is_paused():
    """A node that hangs is told of, an interrupt gives up, and what waited goes on when it goes on."""
    with tempfile.TemporaryDirectory(prefix="hc-paused-") as folder:
        notebook = Notebook(folder)
        node = processes.of_role(HOME, "node")
        try:
            notebook.must("int kept = 1;")
            os.kill(node[0], signal.SIGSTOP)
            request = notebook.send("kept = 2;")
            told = notebook.await_text(request, "has not answered")
            must(told, "nothing says that the node does not answer")
            notebook.manager.interrupt_kernel()
            outcome = notebook.finish(request, 30)
            must(outcome.status == "error", f"the interrupted cell ends {outcome.status}")
            os.kill(node[0], signal.SIGCONT)
            must(notebook.must("kept") == "1", "the cell that was given up did not run")
        finally:
            os.kill(node[0], signal.SIGCONT)
            notebook.close()


def case_cell_ends_while_no_kernel_is_there():
    """The cell goes on without its kernel, and the next one shows what it printed."""
    with tempfile.TemporaryDirectory(prefix="hc-alone-") as folder:
        begun, go = os.path.join(folder, "begun"), os.path.join(folder, "go")
        first = Notebook(folder)
        first.must("int done = 0;")
        first.send(
            f"""
            Files.writeString(Path.of("{begun}"), "");
            while (!Files.exists(Path.of("{go}"))) {{ Thread.sleep(5); }}
            System.out.println("late words");
            done = 5;
            done * 2
            """
        )
        until(lambda: os.path.exists(begun), "the cell begins")
        processes.kill(first.pid)
        first.abandon()
        open(go, "w").close()
        second = Notebook(folder)
        try:
            until(lambda: "was done" in second.must("%outputs"), "the cell ends and says so")
            shown = second.must("%outputs 1")
            must("late words" in shown and "10" in shown, f"%outputs shows {shown!r}")
            must("5" in second.must("done"), "what the cell did is there")
        finally:
            second.close()


def case_node_ends_when_nobody_uses_it():
    args = args_with("node", "short", "-Dhydrocell.node.idleSeconds=1")
    node = subprocess.Popen([JAVA, f"@{args}"], stdin=subprocess.PIPE)
    must(node.wait(timeout=40) == 0, "the idle node did not end in order")
    must(not os.path.exists(os.path.join(HOME, "node.properties")), "the node's file stays")


def args_with(role, name, option):
    """An argument file of a process with one more option."""
    os.makedirs(HOME, mode=0o700, exist_ok=True)
    path = os.path.join(HOME, f"{name}.args")
    with open(f"{DIST}/{role}.args") as f:
        text = f.read()
    with open(path, "w") as f:
        f.write(f'"{option}"\n{text}')
    return path


def case_there_are_no_unix_sockets():
    args = args_with("node", "tcp", "-Dhydrocell.sockets=tcp")
    node = subprocess.Popen([JAVA, f"@{args}"], stdin=subprocess.PIPE, start_new_session=True)
    properties = os.path.join(HOME, "node.properties")
    until(lambda: os.path.exists(properties), "the node is there", 60)
    with tempfile.TemporaryDirectory(prefix="hc-tcp-") as folder:
        notebook = Notebook(folder)
        notebook.must("byte[] large = new byte[20_000_000]; large[7] = 7; record P(int a) {} var p = new P(1);")
        sockets = [name for _, _, names in os.walk(HOME) for name in names if name.endswith(".sock")]
        must(not sockets, f"{sockets} are Unix sockets")
        for pid in processes.of_role(HOME, "executor"):
            processes.kill(pid)
        must("8" in notebook.must("large[7] + p.a()"), "the values are not read on another executor")
        looping = notebook.send("while (true);")
        must(notebook.await_status(looping, "busy"), "the cell does not begin")
        must(notebook.interrupt(looping).status == "error", "the loop is not interrupted")
        processes.kill(node.pid)
        must("8" in notebook.must("large[7] + p.a()"), "the values are not there after the node's death")
        notebook.close()


def args_of_build(role, build):
    """An argument file of a process that says it is of another build."""
    os.makedirs(HOME, mode=0o700, exist_ok=True)
    path = os.path.join(HOME, f"{role}-{build}.args")
    with open(f"{DIST}/{role}.args") as f:
        lines = f.read().splitlines()
    must(any("-Dhydrocell.build=" in line for line in lines), "a process is not told its build")
    with open(path, "w") as f:
        for line in lines:
            f.write(f'"-Dhydrocell.build={build}"\n' if "-Dhydrocell.build=" in line else line + "\n")
    return path


def start_node(build):
    properties = os.path.join(HOME, "node.properties")
    node = subprocess.Popen(
        [JAVA, f"@{args_of_build('node', build)}"], stdin=subprocess.PIPE, start_new_session=True
    )
    until(lambda: os.path.exists(properties), "the node is there", 60)
    return node


def case_node_of_another_build():
    older, newer = "0.0.9-2020-01-01T00:00:00Z", "9.9.9-2099-01-01T00:00:00Z"
    with tempfile.TemporaryDirectory(prefix="hc-build-") as folder:
        node = start_node(older)
        notebook = Notebook(folder)
        notebook.must("int kept = 5;")
        must(node.wait(timeout=30) == 0, "the idle older node did not end in order")
        notebook.close()
        for pid in processes.of_role(HOME, "node"):
            os.kill(pid, signal.SIGTERM)
        until(lambda: not processes.of_role(HOME, "node"), "the node ends")

        node = start_node(older)
        spec = os.path.join(os.environ["JUPYTER_PATH"], "kernels/older")
        os.makedirs(spec)
        with open(os.path.join(spec, "kernel.json"), "w") as f:
            command = [JAVA, "@" + args_of_build("kernel", older), "{connection_file}"]
            json.dump({"argv": command, "display_name": "older", "language": "java"}, f)
        user = Notebook(folder, "other.ipynb", kernel="older")
        user.must("int here = 1;")
        notebook = Notebook(folder)
        refused = notebook.run("kept")
        must("older build" in (refused.error or ""), f"the newer kernel says {refused.error!r}")
        must("stop" in refused.error, "it does not say what to do")
        must("1" in user.must("here"), "the older notebook goes on")
        user.close()
        until(lambda: notebook.run("kept").status == "ok", "the older node gives way when nobody uses it", 60)
        must("5" in notebook.must("kept"), "the name is lost")
        must(node.wait(timeout=30) == 0, "the older node did not end in order")
        notebook.close()
        for pid in processes.of_role(HOME, "node"):
            os.kill(pid, signal.SIGTERM)
        until(lambda: not processes.of_role(HOME, "node"), "the node ends")

        node = start_node(newer)
        notebook = Notebook(folder)
        refused = notebook.run("kept")
        must("newer build" in (refused.error or ""), f"the older kernel says {refused.error!r}")
        must(node.poll() is None, "the newer node was ended")
        node.terminate()
        notebook.close()


if __name__ == "__main__":
    globals()["case_" + sys.argv[1]]()
    print(sys.argv[1], "ok")
