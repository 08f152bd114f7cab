"""Cells that attack, with isolation on: each fails, and the next cell runs.

    isolation.py attacks    as the user that runs this
    isolation.py ordinary   as an ordinary user, also where root runs this
    isolation.py offline    cells without a network
    isolation.py refused    bubblewrap makes no sandbox here

Where this machine cannot have sandboxes at all, every one of these asserts that cells are refused.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from notebook import Notebook

WORD = "the-word-of-somebody-else"
NOBODY = 65534
KERNEL = """{"argv": ["/bin/sh", "-c", "chown %d $3 && exec setpriv --reuid=%d --regid=%d --clear-groups \\"$@\\"",
 "sh", "%s", "@%s", "{connection_file}"], "display_name": "ordinary", "language": "java", "interrupt_mode": "message"}
"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def home(*path):
    return os.path.join(os.environ["HYDROCELL_HOME"], *path)


def set_up(*settings):
    os.makedirs(home(), mode=0o700, exist_ok=True)
    with open(home("settings.properties"), "w") as file:
        file.write("\n".join(settings) + "\n")


def node():
    with open(home("node.properties")) as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line)


def processes():
    """The command of every process here, by its number."""
    found = {}
    for number in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{number}/cmdline") as file:
            found[int(number)] = file.read().replace("\0", " ")
    return found


def status():
    command = [os.environ["HYDROCELL_TEST_JAVA"], "--sun-misc-unsafe-memory-access=allow", "-cp"]
    command += [os.path.join(os.environ["HYDROCELL_TEST_DIST"], "lib", "*"), "hydrocell.install.CommandLine", "status"]
    return as_user(command).stdout


def as_user(command):
    """Runs it as the user that the node's folder belongs to."""
    owner = os.stat(home()).st_uid
    user = {} if owner == os.getuid() else {"user": owner, "group": owner, "extra_groups": []}
    return subprocess.run(command, capture_output=True, text=True, check=False, **user)


def stop():
    """Ends the node, and waits until it has gone."""
    pid = int(node()["pid"])
    os.kill(pid, signal.SIGTERM)
    for _ in range(600):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
            if file.read().rsplit(")", 1)[1].split()[0] != "Z":
                time.sleep(0.1)
                continue
        return
    raise AssertionError("the node does not end")


def can_isolate():
    command = "bwrap --unshare-user --disable-userns --unshare-pid --ro-bind / / --proc /proc true".split()
    if shutil.which("bwrap") is None:
        return False
    return as_user(command).returncode == 0


class Attacks:
    """A notebook that attacks, another that it attacks, and what lies about on this machine."""

    def __init__(self, folder, kernel="hydrocell"):
        self.outside = os.path.join(folder, "outside")
        for name in ("outside", "mine", "others"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        with open(os.path.join(self.outside, "secret.txt"), "w") as file:
            file.write(WORD)
        # The first kernel starts the node, which has its environment.
        os.environ["SOMEBODYS_SECRET"] = WORD
        self.victim = Notebook(os.path.join(folder, "others"), kernel=kernel)
        del os.environ["SOMEBODYS_SECRET"]
        scratch = self.victim.must(
            f"""var file = Files.createTempFile("own", ".txt");
            Files.writeString(file, "{WORD}");
            Files.writeString(Path.of("own.txt"), "{WORD}");
            file"""
        ).strip().splitlines()[-1]
        self.files = [
            os.path.join(self.outside, "secret.txt"),
            os.path.join(folder, "others", "own.txt"),
            scratch,
        ]
        self.mine = os.path.join(folder, "mine")
        self.notebook = Notebook(self.mine, kernel=kernel)
        self.notebook.must(HELPERS)
        self.node = int(node()["pid"])

    def attack(self, code):
        """Runs it; what it showed, or how it failed. The next cell runs."""
        outcome = self.notebook.run(code, 240)
        must(outcome.status, f"{code!r} has no reply")
        shown = outcome.text + (outcome.error or "")
        must(WORD not in shown, f"{code!r} got the word")
        must("42" in self.notebook.must("kept + 2"), f"after {code!r} the next cell does not run")
        must(os.path.exists(f"/proc/{self.node}"), f"{code!r} ended the node")
        return shown

    def reached(self, code):
        return "reached" in self.attack(code)

    def close(self):
        self.victim.close()
        self.notebook.close()


HELPERS = r"""
int kept = 40;
interface Attempt { Object make() throws Throwable; }
String attempt(Attempt attempt) {
  try { return "reached " + attempt.make(); } catch (Throwable e) { return "held: " + e; }
}
String sh(String command) throws Exception {
  var process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
  return new String(process.getInputStream().readAllBytes()) + process.waitFor();
}
/** Whatever of our own is reachable from the executor's threads and what the API is bound to. */
Object find(String wanted) throws Exception {
  var system = ClassLoader.getSystemClassLoader();
  var seen = java.util.Collections.newSetFromMap(new IdentityHashMap<Object, Boolean>());
  var todo = new ArrayDeque<Object>();
  for (var field : Class.forName("hydrocell.api.CellRuntime", true, system).getDeclaredFields()) {
    if (java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
      field.setAccessible(true);
      if (field.get(null) != null) todo.add(field.get(null));
    }
  }
  while (!todo.isEmpty()) {
    Object each = todo.poll();
    if (!seen.add(each)) continue;
    if (each.getClass().getName().equals(wanted)) return each;
    for (Class<?> type = each.getClass(); type != null; type = type.getSuperclass()) {
      if (!type.getName().startsWith("hydrocell.")) break;
      for (var field : type.getDeclaredFields()) {
        if (field.getType().isPrimitive() || java.lang.reflect.Modifier.isStatic(field.getModifiers())) continue;
        field.setAccessible(true);
        Object value = field.get(each);
        if (value != null) todo.add(value);
      }
    }
  }
  throw new IllegalStateException("there is no " + wanted);
}
"""


def read(path):
    return f'attempt(() -> Files.readString(Path.of("{path}")))'


def files(attacks):
    for path in attacks.files + [home("node.properties"), home("settings.properties")]:
        for way in (path, f"/proc/1/root{path}", f"/proc/{attacks.node}/root{path}"):
            must(not attacks.reached(read(way)), f"{way} can be read")
    must(not attacks.reached(f'attempt(() -> Files.list(Path.of("{home("anna")}")).toList())'), "the store is there")
    must("[]" not in attacks.attack(f'Files.list(Path.of("{home()}")).map(Path::getFileName).toList()'), "no scratch")
    for path in (attacks.files[0], "/usr/bin/env", "/etc/passwd", "/new.txt", os.path.realpath(sys.argv[0])):
        must(not attacks.reached(f'attempt(() -> Files.writeString(Path.of("{path}"), "x"))'), f"{path} can be written")
    # Symbolic links: what they point to is neither there now, nor touched when the executor's folders are removed.
    links = f"""
        var scratch = Path.of(System.getProperty("java.io.tmpdir"));
        for (String name : List.of("a", "crash.log", "sub")) {{
          Files.createSymbolicLink(scratch.resolve(name), Path.of("{attacks.outside}"));
        }}
        Files.createSymbolicLink(Path.of("out"), Path.of("{attacks.outside}"));
        attempt(() -> Files.readString(scratch.resolve("a").resolve("secret.txt")))
          + attempt(() -> Files.readString(Path.of("out/secret.txt")))"""
    must(not attacks.reached(links), "a link leads out")


def others(attacks):
    seen = attacks.attack("ProcessHandle.allProcesses().map(p -> p.info().commandLine().orElse(\"\")).toList()")
    must("LocalNodeMain" not in seen and "node.args" not in seen and "kernel.args" not in seen, seen)
    environments = """
        var all = new StringBuilder();
        for (var each : new java.io.File("/proc").list((d, n) -> n.matches("\\\\d+"))) {
          try { all.append(Files.readString(Path.of("/proc", each, "environ"))); } catch (Exception e) { all.append('-'); }
        }
        all.toString().replace('\\0', ' ')"""
    must("PATH=" in attacks.attack(environments), "its own environment cannot be read")
    pid = attacks.node
    ptrace = f"""
        var linker = java.lang.foreign.Linker.nativeLinker();
        var L = java.lang.foreign.ValueLayout.JAVA_LONG;
        var ptrace = linker.downcallHandle(linker.defaultLookup().find("ptrace").get(),
            java.lang.foreign.FunctionDescriptor.of(L, L, L, L, L));
        (long) ptrace.invokeExact(16L, {pid}L, 0L, 0L)"""
    must("-1" in attacks.attack(ptrace), "ptrace attaches to the node")
    must(not attacks.reached(f"attempt(() -> Files.readAllBytes(Path.of(\"/proc/{pid}/mem\")))"), "memory")
    must("0" not in attacks.attack("sh(\"unshare -U true; unshare -m true\")")[-2:], "a namespace can be made")
    must("0000000000000000\n0" in attacks.attack("sh(\"grep CapEff /proc/self/status\")"), "capabilities")
    connect = 'attempt(() -> java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of("%s")))'
    must(attacks.reached(connect % home("run", "anna.sock")), "the attack does not work for the store's socket")
    must(not attacks.reached(connect % home("run", "host.sock")), "the host can be reached")
    there = os.listdir(home("run", "own"))
    seen = attacks.attack(f'Files.list(Path.of("{home("run", "own")}")).toList()')
    must(len(there) > 1 and sum(each in seen for each in there) == 1, f"of {there} it sees {seen}")


def keys(attacks):
    """With all that the executor holds: its client of the store, and its token."""
    attacks.victim.must(HELPERS)
    manifest = 'var keys = find("hydrocell.cell.SessionKeys"); keys.getClass().getMethod("manifest").invoke(keys)'
    theirs = attacks.victim.must(manifest).strip().splitlines()[-1]
    ours = attacks.attack(manifest).strip().splitlines()[-1]
    must("session/" in theirs and theirs != ours, f"{theirs} and {ours} are no keys of two sessions")
    ask = """attempt(() -> {
          var anna = find("hydrocell.anna.NodeClient");
          var type = Class.forName("hydrocell.anna.Key", true, anna.getClass().getClassLoader());
          var key = type.getConstructor(String.class).newInstance("%s");
          var asked = (java.util.concurrent.Future<?>) anna.getClass().getMethod("get", type).invoke(anna, key);
          return asked.get(60, java.util.concurrent.TimeUnit.SECONDS);
        })"""
    text = lambda key: key[key.index("session/") :].rstrip("]")  # noqa: E731
    must(attacks.reached(ask % text(ours)), "the attack does not work for its own keys")
    for key in (text(theirs), "/" + text(theirs), text(theirs).replace("session/", "session//"), "usage/"):
        shown = attacks.attack(ask % key)
        must("reached" not in shown and "may not" in shown, f"{key}: {shown}")


def killing(attacks):
    attacks.attack("ProcessHandle.current().parent().map(ProcessHandle::destroyForcibly)")
    attacks.attack("sh(\"kill -9 1; kill -9 $PPID\")")
    attacks.attack("sh(\"kill -9 -1\")")
    attacks.notebook.must("%config threads.limit 300")
    bomb = 'sh("i=0; while [ $i -lt 2000 ]; do setsid sleep 61357 & i=$((i+1)); done; wait")'
    shown = attacks.attack(bomb)
    must("threads.limit" in shown, f"the fork bomb ends with {shown}")
    deadline = time.monotonic() + 60
    while any("sleep 61357" in command for command in processes().values()):
        must(time.monotonic() < deadline, "the fork bomb goes on")
        time.sleep(0.1)


def gadget(attacks):
    """Code in a stored value runs where its session's cells do, and nowhere else."""
    attacks.notebook.must(
        f"""class Gadget implements java.io.Serializable {{
          String word = "a";
          private void readObject(java.io.ObjectInputStream in) throws Exception {{
            in.defaultReadObject();
            for (String where : List.of("{attacks.mine}", "{attacks.outside}", "{home()}")) {{
              try {{ Files.writeString(Path.of(where, "gadget.txt"), "x"); }} catch (java.io.IOException e) {{ }}
            }}
          }}
        }}
        var gadget = new Gadget();"""
    )
    attacks.notebook.must("%config heap.limit 300m")
    attacks.attack("gadget.word")
    must(not os.path.exists(os.path.join(attacks.outside, "gadget.txt")), "a stored value wrote outside")
    must(not os.path.exists(home("gadget.txt")), "a stored value wrote to the node's folder")


def around(folder, kernel):
    """A notebook whose folder holds the node's data is not shown them."""
    notebook = Notebook(os.path.dirname(home()), "around.ipynb", kernel=kernel)
    inside = notebook.must(HELPERS + read(home("node.properties")) + f' + sh("mv {home()} {home()}2")')
    must("reached" not in inside and os.path.exists(home("node.properties")), inside)
    notebook.close()


def works(attacks):
    """What cells could do before, they can do in a sandbox."""
    notebook = attacks.notebook
    must("made" in notebook.must('Files.writeString(Path.of("a.txt"), "made"); Files.readString(Path.of("a.txt"))'), "")
    must(os.path.exists(os.path.join(attacks.mine, "a.txt")), "a relative path is not the notebook's folder")
    os.makedirs(os.path.join(attacks.mine, "deeper"), exist_ok=True)
    notebook.must(f"%cd {attacks.mine}/deeper")
    must("/deeper" in notebook.must('Path.of("").toAbsolutePath()'), "%cd")
    notebook.must(f"%cd {attacks.outside}")
    must("shows them the notebook's folder alone" in notebook.must("1"), "nothing is said of a folder that is not there")
    notebook.must(f"%cd {attacks.mine}")
    must("native" in notebook.must('new ProcessBuilder("echo", "native").inheritIO().start().waitFor();'), "native output")
    request = notebook.send("while (true);")
    must(notebook.await_status(request, "busy"), "the loop does not begin")
    must(notebook.interrupt(request).status == "error", "the loop is not interrupted")
    must("42" in notebook.must("kept + 2"), "what was kept is gone")


def attacks(folder, kernel="hydrocell", cases=(works, files, others, keys, gadget, killing)):
    set_up("isolation = on")
    if not can_isolate():
        refused(folder, kernel)
        return
    scene = Attacks(folder, kernel)
    must("isolation on" in status(), "status does not say that isolation is on")
    for each in cases:
        each(scene)
    scene.close()
    around(folder, kernel)
    must(os.path.exists(scene.files[0]), "a file outside was removed")


def ordinary(folder):
    """Root's kernels run as nobody, from a copy that nobody can read."""
    if os.getuid() != 0:
        attacks(folder)
        return
    copy, java = os.path.join(folder, "copy"), os.environ["HYDROCELL_TEST_JAVA"]
    shutil.copytree(os.environ["HYDROCELL_TEST_DIST"], copy, ignore=shutil.ignore_patterns("*.aot"))
    for name in filter(lambda name: name.endswith(".args"), os.listdir(copy)):
        with open(os.path.join(copy, name)) as file:
            lines = [line.replace(os.environ["HYDROCELL_TEST_DIST"], copy) for line in file if "AOTCache" not in line]
        with open(os.path.join(copy, name), "w") as file:
            file.writelines(lines)
        os.chmod(os.path.join(copy, name), 0o644)
    spec = os.path.join(folder, "share", "kernels", "ordinary")
    os.makedirs(spec)
    with open(os.path.join(spec, "kernel.json"), "w") as file:
        file.write(KERNEL % (NOBODY, NOBODY, NOBODY, java, os.path.join(copy, "kernel.args")))
    os.environ.update(
        HYDROCELL_HOME=os.path.join(folder, "h"),
        HYDROCELL_TEST_DIST=copy,
        HOME=folder,
        JUPYTER_PATH=os.path.join(folder, "share"),
        JUPYTER_RUNTIME_DIR=os.path.join(folder, "runtime"),
    )
    for each in ("h", "mine", "others", "outside", "runtime"):
        os.makedirs(os.path.join(folder, each))
        os.chown(os.path.join(folder, each), NOBODY, NOBODY)
    os.chmod(folder, 0o755)
    try:
        # What goes by who the user is; the rest is the same for both.
        attacks(folder, "ordinary", (works, files, others))
    finally:
        stop()


def offline(folder):
    """Without a network, cells work and reach no port of this machine; notebooks are not debugged."""
    set_up("isolation = on", "isolation.network = off")
    if not can_isolate():
        refused(folder)
        return
    with socket.create_server(("127.0.0.1", 0)) as server:
        notebook = Notebook(folder)
        connect = f'new java.net.Socket("127.0.0.1", {server.getsockname()[1]})'
        outcome = notebook.run(connect)
        must(outcome.status == "error" and "refused" in outcome.error, f"{connect} ends {outcome.error}")
        must("42" in notebook.must("40 + 2"), "the next cell does not run")
        notebook.close()


def refused(folder, kernel="hydrocell"):
    """Where there is no sandbox, cells are refused, or run without one where that is asked for."""
    tools = os.path.join(folder, "tools")
    os.makedirs(tools)
    with open(os.path.join(tools, "bwrap"), "w") as file:
        file.write("#!/bin/sh\necho No permissions to create a new namespace\nexit 1\n")
    os.chmod(os.path.join(tools, "bwrap"), 0o755)
    os.environ["PATH"] = tools + os.pathsep + os.environ["PATH"]
    set_up("isolation = on")
    notebook = Notebook(folder, kernel=kernel)
    outcome = notebook.run("40 + 2")
    shown = outcome.text + (outcome.error or "")
    for text in ("isolation is on, and cannot be had", "user namespaces", "set it to auto or off"):
        must(text in shown, f"the refusal says {shown}")
    set_up("isolation = auto")
    must("42" in notebook.must("40 + 2"), "it does not go on without")
    must("isolation off, for bubblewrap makes no sandbox here" in status(), status())
    notebook.close()


def main():
    with tempfile.TemporaryDirectory(prefix="hc-isolation-") as folder:
        globals()[sys.argv[1]](folder)


main()
