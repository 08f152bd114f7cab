"""Commands that run where cells run: shell scripts, folder, environment, files, timings."""

import os
import tempfile
import time

from notebook import Notebook


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def shows(notebook, cell, *texts):
    shown = notebook.must(cell)
    for text in texts:
        must(text in shown, f"{cell!r} shows {shown!r}, not {text!r}")


def fails(notebook, cell, text):
    outcome = notebook.run(cell)
    must(outcome.status == "error", f"{cell!r} ends {outcome.status}")
    must(text in outcome.error, f"{cell!r} says {outcome.error!r}, not {text!r}")


def interrupted_script_is_gone(notebook, folder):
    begun = os.path.join(folder, "begun")
    request = notebook.send(f"%%bash\necho $$ > {begun}.new; mv {begun}.new {begun}; sleep 1000")
    deadline = time.monotonic() + 30
    while not os.path.exists(begun):
        must(time.monotonic() < deadline, "the script does not begin")
        time.sleep(0.01)
    notebook.manager.interrupt_kernel()
    outcome = notebook.finish(request)
    must(outcome.status == "error", f"an interrupted script ends {outcome.status}")
    with open(begun) as file:
        pid = file.read().strip()
    while os.path.exists(f"/proc/{pid}"):
        must(time.monotonic() < deadline, "the script goes on")
        time.sleep(0.01)


def main():
    with tempfile.TemporaryDirectory(prefix="hc-magics-") as folder:
        inner = os.path.join(os.path.realpath(folder), "inner")
        os.mkdir(inner)
        notebook = Notebook(folder)
        shows(notebook, "%%bash\necho out $((40 + 2)); echo \"er\\\\r\" >&2", "out 42", "er\\r")
        fails(notebook, "%%sh\nexit 3", "status 3")
        interrupted_script_is_gone(notebook, folder)
        shows(notebook, "%%html\n<b>bold</b>", "<b>bold</b>")
        shows(notebook, "%timeit Math.sqrt(2)", "a run")
        shows(notebook, "int kept = 1;\nkept", "1")
        shows(notebook, "%env TOKEN=a b", "TOKEN is set")
        shows(notebook, 'System.getenv("TOKEN") + kept', "a b1")
        must("a b" not in notebook.must("%history").replace("%env TOKEN=…", ""), "a value in the history")
        shows(notebook, "%cd inner", inner)
        shows(notebook, 'new File("x").getAbsolutePath()', os.path.join(inner, "x"))
        shows(notebook, "%%bash\npwd", inner)
        shows(notebook, "%%writefile cells.java\nint fromFile = 41;\nfromFile + 1", "cells.java")
        shows(notebook, "%run cells.java", "42")
        fails(notebook, "%run cels.java", "there is no file")
        fails(notebook, "%bahs", "did you mean %bash?")
        fails(notebook, "%%thymeleaf\n<p/>", "html(")
        fails(notebook, "int x = %config", "no value")
        shows(notebook, "String text = %read cells.java;\ntext.length()", "32")
        shows(notebook, "int kept1 = 1; int other1 = 2;\n%vars kept*", "kept1")
        must("other1" not in notebook.must("%vars kept*"), "%vars shows what does not fit")
        must("%vars" in str(notebook.run("%varz").error), "an unknown command does not say which exist")
        must(notebook.run("%reset now").status == "error", "%reset takes a word that means nothing")
        shows(notebook, "%help rm", "removes names")
        notebook.must("int least = 2; int twice(int n) { return n * least; }")
        shows(notebook, "%rm least", "twice is defined but cannot be used: least is not defined")
        must("least is not defined" in str(notebook.run("twice(1)").error), "a removed name is still used")
        shows(notebook, "int least = 5; twice(2)", "10")
        shows(notebook, "int ahead = 1;\n%vars\nahead + 1", "ahead", "2")
        shows(notebook, "%timeit -n 10 -r 2 Math.sqrt(kept)", "2 rounds of 10 runs", "±")
        shows(notebook, "%%time\nint timed = 5;\ntimed", "5", "ms processor")
        shows(notebook, "// as other kernels have it\n%%bash\necho below a comment", "below a comment")
        shows(notebook, "%read \\{\"cel\" + \"ls.java\"}", "int fromFile = 41;")
        shows(notebook, 'String stem = "cells";\n%read ${stem}.java', "int fromFile = 41;")
        shows(notebook, "double rate = 1;\nList<Double> rates = List.of();\nenum Hue { RED, BLUE }\nHue hue = Hue.RED;")
        notebook.must('%%parameters\nrate = 2\nrates = [1, 2.5]\nhue = "BLUE"\nfresh = {"a": [1]}')
        shows(notebook, "rate / 4 + \" \" + rates + hue + fresh", "0.5 [1.0, 2.5]BLUE{a=[1]}")
        fails(notebook, '%%parameters\nrate = "much"', "double")
        shows(notebook, "%config", "output.limit", "10485760", "maven.offline", "meaning")
        shows(notebook, "%config output.limit=5_000", "5000")
        must(len(notebook.must("System.out.println(\"x\".repeat(100_000));")) < 90_000, "output is not cut")
        fails(notebook, "%config output.limit=few", "a number from 1,000")
        fails(notebook, "%config output.limt 3", "did you mean output.limit?")
        shows(notebook, "%config output.limit default", "10485760")
        notebook.must("%%writefile again.java\n%run again.java")
        fails(notebook, "%run again.java", "without an end")
        notebook.close()
    print("magics ok")


if __name__ == "__main__":
    main()
