"""Two people of people.py, each with a JupyterLab of their own and a Chromium context of their own: what they see when
they publish, use, change, conflict, resolve, fork and unshare, each step on a screenshot.
"""

import json
import os
import subprocess
import sys

from playwright.sync_api import expect, sync_playwright

from asynchronous import must
from browser import FLAGS, LIMIT_MS, Lab, free_port, start_server, write_notebook

TOGETHER = """System.out.println("waiting");
while (!java.nio.file.Files.exists(java.nio.file.Path.of("go"))) Thread.sleep(10);
plan.add("%s");"""
UNION = "%resolve plan with (a, b) -> { for (var each : b) if (!a.contains(each)) a.add(each); return a; }"


class Desk:
    """Where a person sits: their server, as them, and their browser on it."""

    def __init__(self, person, java, log):
        self.person, self.port = person, free_port()
        self.notebooks = notebooks = os.path.join(person.folder, "desk")
        specs = os.path.join(person.folder, "jupyter")
        kernel = os.path.join(specs, "kernels", "hydrocell")
        os.makedirs(kernel)
        os.makedirs(notebooks)
        with open(os.path.join(person.place, "kernel.json")) as f:
            spec = json.load(f)
        spec["argv"] = [java, f"@{person.dist}/kernel.args", "{connection_file}"]
        spec["display_name"] = "Java (Hydrocell)"
        with open(os.path.join(kernel, "kernel.json"), "w") as f:
            json.dump(spec, f)
        for name in ("plan", "fork"):
            write_notebook(os.path.join(notebooks, f"{name}-{person.name}.ipynb"), ["1 + 1"])
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", str(person.uid), notebooks, specs], check=True)
        ipython = os.path.join(person.folder, "ipython")
        home = {"HOME": person.folder, "JUPYTER_PATH": specs, "IPYTHONDIR": ipython}
        for what in ("DATA", "RUNTIME", "CONFIG"):
            home[f"JUPYTER_{what}_DIR"] = os.path.join(person.folder, f"jupyter-{what.lower()}")
        self.server = start_server(notebooks, self.port, log, command=person.as_user, env=home)

    def sit_down(self, browser, pictures):
        self.page = browser.new_context(viewport={"width": 1000, "height": 800}).new_page()
        self.pictures = pictures
        self.open(f"plan-{self.person.name}")

    def open(self, notebook):
        self.page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{notebook}.ipynb?token=test&reset")
        self.lab = Lab(self.page, self.pictures)
        expect(self.lab.cells.first).to_be_visible(timeout=LIMIT_MS)
        expect(self.page.get_by_text("Java (Hydrocell) | Idle")).to_be_visible(timeout=LIMIT_MS)

    def begin(self, source):
        cell = self.lab.add_cell(source)
        self.page.keyboard.press("Control+Enter")
        return cell

    def run(self, source, *shows):
        """Runs a cell, and sees this in its output."""
        cell = self.begin(source)
        self.ended(cell, *shows)

    def ended(self, cell, *shows):
        self.lab.await_prompt(cell, r"\[\d+\]:")
        for each in shows:
            expect(cell.locator(".jp-OutputArea")).to_contain_text(each, timeout=LIMIT_MS)
        must(not cell.locator(".jp-OutputArea-output[data-mime-type*='error']").count(), "a cell failed")

    def picture(self, name):
        self.lab.cells.last.scroll_into_view_if_needed()
        self.lab.picture(f"people-{name}")


def write_at_once(ann, ben):
    """Both cells have begun, and so have seen the same, when either writes."""
    cells = [desk.begin(TOGETHER % text) for desk, text in ((ann, "tea"), (ben, "coffee"))]
    for cell in cells:
        expect(cell.locator(".jp-OutputArea")).to_contain_text("waiting", timeout=LIMIT_MS)
    for desk in (ann, ben):
        with open(os.path.join(desk.notebooks, "go"), "w"):
            pass
    for desk, cell in zip((ann, ben), cells):
        desk.ended(cell)


def story(ann, ben):
    owner, other = ann.person.name, ben.person.name
    ann.run('var plan = new ArrayList<>(List.of("bread"));')
    ann.run(f"%trust {other}")
    ann.run(f"%share plan --write {other}", f"{other} may write it")
    ann.picture("1-published")
    ben.run(f"%trust {owner}")
    ben.run(f"%use {owner}/plan")
    ben.run("plan", "bread")
    ben.picture("2-used")
    ben.run('plan.add("milk");')
    ann.run("plan", "bread, milk", f"changed by {other}")
    ann.picture("3-changed")
    write_at_once(ann, ben)
    ann.run("plan", "tea", "%resolve plan")
    ann.picture("4-conflict")
    ann.run(UNION)
    ann.run("plan", "tea", "coffee")
    ann.picture("5-resolved")
    ben.run("plan", "tea", "coffee", f"changed by {owner}")
    ben.picture("6-sees-it-resolved")
    ann.run(f"%share notebook --fork errands --read {other}", f"%open {owner}/errands.ipynb")
    ann.run("%unshare plan")
    ben.run("plan", "shared no more", "coffee")
    ben.picture("7-unshared")
    ben.open(f"fork-{other}")
    ben.run(f"%open {owner}/errands.ipynb", "names")
    ben.run('plan.add("of my own"); plan', "tea", "of my own")
    ben.picture("8-forked")


def two_people_in_two_labs(people, java, pictures):
    """Their store and their rights to run code are there; pictures is a folder."""
    os.makedirs(pictures, exist_ok=True)
    desks = []
    with open(os.path.join(pictures, "people.log"), "w") as log:
        try:
            for person in people:
                desks.append(Desk(person, java, log))
            with sync_playwright() as tools:
                browser = tools.chromium.launch(
                    executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), headless=True, args=FLAGS
                )
                try:
                    for desk in desks:
                        desk.sit_down(browser, pictures)
                    story(*desks)
                except BaseException:
                    for desk in desks:
                        desk.page.screenshot(path=os.path.join(pictures, f"people-{desk.person.name}-failed.png"))
                    raise
                finally:
                    browser.close()
        finally:
            for desk in desks:
                desk.server.terminate()
                desk.server.wait(timeout=60)
