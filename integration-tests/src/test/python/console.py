"""Works in `jupyter console` as a person does: a result, a print, an error, a method of several lines,
earlier cells by the arrow key, those of the notebook when it joins one, and the end."""

import os
import re
import sys
import tempfile

import pexpect

from notebook import Notebook

PROMPT = re.compile(r"In \[\d*\]: ")
# With colours between them.
COLOURED_PROMPT = re.compile(r"In \S*\[\S*\d\S*\]: ")
UP = "\x1b[A"
LIMIT_S = 90
# How long the console waits for the kernel to say whether a cell is complete.
PATIENT = f"--ZMQTerminalInteractiveShell.kernel_is_complete_timeout={LIMIT_S}"


def spawn(prompt, *options):
    # Without answers to questions for the cursor's place, as in a terminal that is a pipe.
    environment = dict(os.environ, TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "jupyter_console", *options],
        encoding="utf-8",
        timeout=LIMIT_S,
        dimensions=(50, 120),
        env=environment,
    )
    terminal.logfile_read = sys.stdout
    terminal.expect(prompt)
    return terminal


def leave(terminal):
    terminal.sendeof()
    if terminal.expect([pexpect.EOF, re.compile("really want to exit")]) == 1:
        terminal.sendline("y")
        terminal.expect(pexpect.EOF)
    terminal.close()


def plain():
    terminal = spawn(PROMPT, "--kernel", "hydrocell", "--simple-prompt")
    for line, answer in [
        ("int x = 20 + 1;", None),
        ("x * 2", "42"),
        ('System.out.println("printed " + x);', "printed 21"),
        ("int y = nowhere;", "nowhere"),
        ("x + 1", "22"),
    ]:
        terminal.sendline(line)
        if answer is not None:
            terminal.expect_exact(answer)
        terminal.expect(PROMPT)
    leave(terminal)


def several_lines():
    terminal = spawn(COLOURED_PROMPT, "--kernel", "hydrocell", PATIENT)
    terminal.send("int twice(int n) {\r")
    terminal.expect_exact("...:")
    terminal.send("return 2 * n;\r")
    terminal.expect_exact("...:")
    terminal.send("}\r")
    terminal.expect("In \\S*\\[\\S*2")
    terminal.send("twice(600) + 34\r")
    terminal.expect("1234")
    terminal.expect("In \\S*\\[\\S*3")
    terminal.send(UP)
    terminal.expect("600")
    terminal.send("00\r")
    terminal.expect("4600")
    terminal.expect("In \\S*\\[\\S*4")
    leave(terminal)


def joins_a_notebook():
    with tempfile.TemporaryDirectory(prefix="hc-console-") as folder:
        notebook = Notebook(folder)
        notebook.must('String said = "in the notebook";')
        # The console waits a second for the history, and does without it when it does not come.
        for attempt in range(5):
            options = "--existing", notebook.manager.connection_file, PATIENT
            terminal = spawn(COLOURED_PROMPT, *options)
            terminal.send(UP)
            came = terminal.expect([re.compile("in the notebook"), pexpect.TIMEOUT], timeout=10) == 0
            terminal.close(force=True)
            if came:
                break
        else:
            raise AssertionError("the notebook's cells are not in the console's history")
        notebook.close()


if __name__ == "__main__":
    plain()
    several_lines()
    joins_a_notebook()
