"""Works in `jupyter console` as a person does: a result, a print, an error, and the end."""

import re
import sys

import pexpect


def main():
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "jupyter_console", "--kernel", "hydrocell", "--simple-prompt"],
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 120),
    )
    terminal.logfile_read = sys.stdout
    prompt = re.compile(r"In \[\d*\]: ")
    terminal.expect(prompt)
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
        terminal.expect(prompt)
    terminal.sendeof()
    if terminal.expect([pexpect.EOF, re.compile("really want to exit")]) == 1:
        terminal.sendline("y")
        terminal.expect(pexpect.EOF)
    terminal.close()


if __name__ == "__main__":
    main()
