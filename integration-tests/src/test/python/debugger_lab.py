"""The debugger and the variable panel in JupyterLab, as a person uses them, in headless Chromium.
Usage: debugger_lab.py SCREENSHOT_FOLDER
"""

import os
import re
import sys
import tempfile

from playwright.sync_api import expect

from browser import LIMIT_MS, Lab, in_browser, write_notebook

CELLS = [
    'record City(String name, int people) {}\n\nvar cities = List.of(new City("Rome", 2_800_000), '
    'new City("Turin", 850_000));\nString greeting = "ciao";',
    "int total(List<City> all) {\n    int sum = 0;\n    for (City each : all) {\n"
    "        sum += each.people();\n    }\n    return sum;\n}",
    "int people = total(cities);\npeople += 1;\npeople",
]


class Debugging(Lab):
    """A notebook beside JupyterLab's debugger panel."""

    def __init__(self, page, pictures):
        super().__init__(page, pictures)
        self.panel = page.locator("#jp-debugger-sidebar")
        self.tree = self.panel.locator(".jp-DebuggerVariables-body")
        self.frames = self.panel.locator(".jp-DebuggerCallstackFrame")

    def run(self, cell):
        cell.locator(".jp-InputPrompt").first.click()
        self.page.keyboard.press("Control+Enter")

    def breakpoint(self, cell, line):
        gutter = cell.locator(".cm-breakpoint-gutter .cm-gutterElement")
        # The first element holds the gutter open and is not shown.
        gutter.nth(line).click()
        expect(cell.locator(".cm-breakpoint-icon:visible")).to_have_count(1, timeout=LIMIT_MS)

    def command(self, name):
        self.panel.locator(f"jp-button[data-command='debugger:{name}']").click()

    def await_line(self, cell, text):
        highlighted = cell.locator(".jp-DebuggerEditor-highlight")
        expect(highlighted).to_have_text(re.compile(re.escape(text)), timeout=LIMIT_MS)

    def await_variable(self, name, value):
        pattern = re.compile(rf"^\s*{re.escape(name)}:?\s*{re.escape(value)}")
        item = self.tree.locator("jp-tree-item").filter(has_text=pattern).first
        expect(item).to_be_visible(timeout=LIMIT_MS)
        return item


def work(page, port, pictures):
    page.goto(f"http://127.0.0.1:{port}/lab/tree/debug.ipynb?token=test&reset")
    lab = Debugging(page, pictures)
    expect(page.get_by_text("Java (Hydrocell) | Idle")).to_be_visible(timeout=LIMIT_MS)
    setup, method, call = lab.cells.nth(0), lab.cells.nth(1), lab.cells.nth(2)
    lab.run(setup)
    lab.await_prompt(setup, r"\[\d+\]:")

    news = page.get_by_role("button", name="No", exact=True)
    if news.is_visible():
        news.click()
    page.locator(".jp-DebuggerBugButton").click()
    expect(lab.panel).to_be_visible(timeout=LIMIT_MS)
    lab.await_variable("cities", "List<City>")
    lab.await_variable("greeting", "String")
    lab.picture("debugger-1-variables")

    lab.run(method)
    lab.await_prompt(method, r"\[\d+\]:")
    lab.breakpoint(method, 4)
    lab.run(call)
    lab.await_line(method, "sum += each.people()")
    lab.await_variable("sum", "0")
    lab.await_variable("each", 'City[name="Rome", people=2800000]')
    expect(lab.frames).to_have_count(2, timeout=LIMIT_MS)
    lab.picture("debugger-2-stopped")

    # javac gives the jump back to the head of the loop to its closing brace.
    lab.command("next")
    lab.await_line(method, "}")
    lab.command("next")
    lab.await_line(method, "for (City each : all)")
    lab.await_variable("sum", "2800000")
    lab.picture("debugger-3-stepped")

    lab.command("stepOut")
    lab.await_line(method, "sum += each.people()")
    lab.command("continue")
    lab.await_prompt(call, r"\[\d+\]:")
    expect(call.locator(".jp-OutputArea-output").last).to_contain_text("3650001", timeout=LIMIT_MS)
    lab.await_variable("people", "int")
    lab.picture("debugger-4-done")


def main(pictures):
    with tempfile.TemporaryDirectory(prefix="hc-lab-") as folder:
        write_notebook(os.path.join(folder, "debug.ipynb"), CELLS)
        in_browser(folder, pictures, "debugger", work, width=1400)


if __name__ == "__main__":
    main(*sys.argv[1:])
