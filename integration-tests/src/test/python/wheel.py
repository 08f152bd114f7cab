"""Installs the wheel into an empty environment that is then read-only, and works with it: a notebook at
once, start-up caches made behind it, two first kernels at the same time, no JDK at all, and a JupyterHub.

Usage: wheel.py WHEEL. Packages of this environment (nbclient) are seen from the new one by a link.
"""

import glob
import importlib.util
import json
import os
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time

import hub
import nbformat

CELLS = ["record Point(int x, int y) {}\nvar p = new Point(20, 22);", "p.x() + p.y()"]
RUN = """
import nbformat, sys
from nbclient import NotebookClient
cells = [nbformat.v4.new_code_cell(source) for source in {cells!r}]
notebook = nbformat.v4.new_notebook(cells=cells)
NotebookClient(notebook, kernel_name="hydrocell", timeout=120).execute()
print(notebook.cells[-1].outputs[0]["data"]["text/plain"])
"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def make_environment(folder, wheel):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = os.path.join(folder, "bin", "python")
    pip = [sys.executable, "-m", "pip", "--python", python]
    subprocess.run([*pip, "install", "-q", "--no-index", "--no-deps", wheel], check=True)
    packages = glob.glob(os.path.join(folder, "lib", "python*", "site-packages"))[0]
    with open(os.path.join(packages, "tests.pth"), "w") as file:
        file.write(sysconfig.get_path("purelib") + "\n")
    for path, folders, files in os.walk(folder):
        for name in [path] + [os.path.join(path, file) for file in files]:
            if not os.path.islink(name):
                os.chmod(name, os.stat(name).st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    return python


def listing(folder):
    """What is in a folder, to see that nothing was written: a superuser may write everywhere."""
    return sorted(
        (os.path.join(path, name), os.lstat(os.path.join(path, name)).st_mtime_ns)
        for path, folders, files in os.walk(folder)
        for name in folders + files
    )


def environment_of(folder):
    environment = dict(os.environ, JUPYTER_PREFER_ENV_PATH="1", JAVA_HOME=java_home())
    environment.pop("JUPYTER_PATH", None)
    environment.pop("JPY_SESSION_NAME", None)
    environment["PATH"] = os.path.join(folder, "bin") + os.pathsep + environment["PATH"]
    return environment


def java_home():
    return os.path.dirname(os.path.dirname(os.environ["HYDROCELL_TEST_JAVA"]))


def run_notebook(python, environment, cells):
    program = RUN.format(cells=cells)
    return subprocess.Popen(
        [python, "-c", program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def answer(process):
    out, err = process.communicate(timeout=200)
    must(process.returncode == 0, f"the notebook failed: {out}{err[-3000:]}")
    return out.strip()


def copy_of(home):
    (made,) = [path for path in glob.glob(os.path.join(home, "installed", "*")) if os.path.isdir(path)]
    return made


def await_caches(home):
    made = copy_of(home)
    deadline = time.monotonic() + 300
    while not os.path.exists(os.path.join(made, "trained")):
        must(time.monotonic() < deadline, "no start-up caches")
        time.sleep(0.2)
    with open(os.path.join(made, "trained")) as file:
        must(not file.read().strip(), "some process has no cache")
    return made


def uses_its_cache(made):
    """A JVM that insists on the cache starts, where the cache lies now."""
    for role in ("kernel", "node", "compiler", "executor"):
        with open(os.path.join(made, role + ".args")) as file:
            words = [json.loads(line) for line in file]
        must(any(word.startswith("-XX:AOTCache=") for word in words), f"{role} has no cache")
        checked = subprocess.run(
            [os.environ["HYDROCELL_TEST_JAVA"], *words[:-1], "-XX:AOTMode=on", "-version"],
            capture_output=True,
            text=True,
        )
        must(checked.returncode == 0, f"the cache of {role} is refused: {checked.stdout}{checked.stderr}")


def without_jdk_it_says_what_to_do(folder):
    (path,) = glob.glob(os.path.join(folder, "share/jupyter/kernels/hydrocell/launch.py"))
    spec = importlib.util.spec_from_file_location("launch", path)
    launch = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(launch)
    must(launch.find_jdk(), "there is no JDK, or it is not found")
    with tempfile.TemporaryDirectory() as old:
        with open(os.path.join(old, "release"), "w") as file:
            file.write('JAVA_VERSION="21.0.2"\n')
        launch.candidates = lambda: iter([old])
        try:
            launch.find_jdk()
        except SystemExit as end:
            must("no JDK 25" in str(end) and old in str(end) and "JAVA_HOME" in str(end), str(end))
        else:
            raise AssertionError("a JDK 21 will do")


def commands_work(folder, environment):
    command = os.path.join(folder, "bin", "hydrocell")
    shown = subprocess.run([command, "status"], env=environment, capture_output=True, text=True)
    must(shown.returncode == 0 and "data " in shown.stdout, shown.stdout + shown.stderr)
    shown = subprocess.run([command, "stop"], env=environment, capture_output=True, text=True)
    must(shown.returncode == 0, shown.stdout + shown.stderr)


def papermill_sets_typed_parameters(python, environment, folder):
    cells = [
        nbformat.v4.new_code_cell(
            'double rate = 1; // share that is kept\nList<String> names = List.of();\nvar day = LocalDate.EPOCH;',
            metadata={"tags": ["parameters"]},
        ),
        nbformat.v4.new_code_cell('rate / 4 + " " + names + day.plusDays(1) + extra'),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "hydrocell", "display_name": "Java", "language": "java"}
    source, executed = (os.path.join(folder, name) for name in ("asked.ipynb", "answered.ipynb"))
    nbformat.write(notebook, source)
    options = ["-p", "rate", "2", "-p", "day", "2025-12-31", "-y", "{names: [Rome, 'Tu\"rin'], extra: 7}"]
    command = [python, "-m", "papermill", *options, source, executed]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    must(ran.returncode == 0, ran.stdout + ran.stderr)
    shown = nbformat.read(executed, 4).cells[-1].outputs[0]["data"]["text/plain"]
    must(shown == '0.5 [Rome, Tu"rin]2026-01-017', f"the parameters became {shown}")
    described = subprocess.run(
        [python, "-m", "papermill", "--help-notebook", source], env=environment, capture_output=True, text=True
    )
    must("rate: double" in described.stdout and "share that is kept" in described.stdout, described.stdout)


def main(wheel):
    with tempfile.TemporaryDirectory(prefix="hc-wheel-") as folder:
        os.chmod(folder, 0o755)
        environment = environment_of(folder)
        python = make_environment(folder, wheel)
        before = listing(folder)
        first, second = (run_notebook(python, environment, CELLS) for _ in range(2))
        must(answer(first) == "42" and answer(second) == "42", "the sum is not 42")
        made = await_caches(environment["HYDROCELL_HOME"])
        uses_its_cache(made)
        must(answer(run_notebook(python, environment, CELLS)) == "42", "with caches it is not 42")
        must(copy_of(environment["HYDROCELL_HOME"]) == made, "another copy was made")
        papermill_sets_typed_parameters(python, environment, environment["HYDROCELL_HOME"])
        commands_work(folder, environment)
        without_jdk_it_says_what_to_do(folder)
        with tempfile.TemporaryDirectory(prefix="hc-hub-") as other:
            os.chmod(other, 0o755)
            hub.serves_its_users(python, other)
        changed = set(listing(folder)) ^ set(before)
        must(not changed, f"written to where it is installed: {sorted(changed)}")
        for path, folders, files in os.walk(folder):
            os.chmod(path, 0o700)
    print("wheel ok")


if __name__ == "__main__":
    main(sys.argv[1])
