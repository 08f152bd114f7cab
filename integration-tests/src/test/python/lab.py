"""Works in JupyterLab as a person does, in headless Chromium: opens the quickstart, runs all cells,
looks at the picture, interrupts a cell, restarts. Usage: lab.py NOTEBOOK SCREENSHOT_FOLDER
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from playwright.sync_api import expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LIMIT_MS = 60_000


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_server(folder, port, log, application="jupyterlab"):
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            application,
            "--no-browser",
            "--allow-root",
            "--ServerApp.port=%d" % port,
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=test",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.news_url=",
        ],
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=test", timeout=2).read()
            return server
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("JupyterLab ended at once")
            time.sleep(0.1)
    raise TimeoutError("JupyterLab did not start")


class Lab:
    """The notebook panel of one page."""

    def __init__(self, page, pictures):
        self.page, self.pictures = page, pictures
        self.cells = page.locator(".jp-Notebook .jp-CodeCell")

    def picture(self, name):
        self.page.screenshot(path=os.path.join(self.pictures, name + ".png"))

    def menu(self, menu, entry):
        self.page.get_by_role("menuitem", name=menu, exact=True).first.click()
        self.page.get_by_role("menuitem", name=re.compile("^" + re.escape(entry))).first.click()

    def await_idle(self):
        expect(self.page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")).to_be_visible(
            timeout=LIMIT_MS
        )

    def add_cell(self, source):
        """Appends a cell with this source, selected but not run."""
        self.cells.last.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(source)
        return self.cells.last

    def await_prompt(self, cell, pattern):
        expect(cell.locator(".jp-InputPrompt").first).to_have_text(
            re.compile(pattern), timeout=LIMIT_MS
        )


def work(page, port, pictures):
    page.goto(f"http://127.0.0.1:{port}/lab/tree/quickstart.ipynb?token=test&reset")
    lab = Lab(page, pictures)
    expect(lab.cells.first).to_be_visible(timeout=LIMIT_MS)
    # The indicator is idle, too, before there is a kernel.
    expect(page.get_by_text("Java (Hydrocell) | Idle")).to_be_visible(timeout=LIMIT_MS)
    lab.picture("1-opened")

    lab.menu("Run", "Run All Cells")
    lab.await_prompt(lab.cells.last, r"\[\d+\]:")
    lab.await_idle()
    shown = page.locator(".jp-OutputArea-output img")
    expect(shown.first).to_be_visible(timeout=LIMIT_MS)
    size = shown.first.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]")
    assert size == [480, 120], f"the picture is {size}"
    errors = page.locator(".jp-OutputArea-output[data-mime-type*='error']").count()
    assert errors == 0, f"{errors} cells failed"
    shown.first.scroll_into_view_if_needed()
    lab.picture("2-picture")
    lab.cells.last.scroll_into_view_if_needed()
    lab.picture("3-all-run")

    looping = lab.add_cell("while (true);")
    page.keyboard.press("Control+Enter")
    lab.await_prompt(looping, r"\[\*\]:")
    page.wait_for_timeout(500)
    began = time.monotonic()
    lab.menu("Kernel", "Interrupt Kernel")
    lab.await_prompt(looping, r"\[\d+\]:")
    took = time.monotonic() - began
    lab.await_idle()
    lab.picture("4-interrupted")
    assert took < 3, f"interrupting took {took:.1f} s"
    print(f"interrupted in {took * 1000:.0f} ms, menu included")

    kept = lab.add_cell("answer + 1")
    page.keyboard.press("Control+Enter")
    expect(kept.locator(".jp-OutputArea-output").last).to_contain_text("43", timeout=LIMIT_MS)

    lab.menu("Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_timeout(500)
    lab.await_idle()
    gone = lab.add_cell("answer")
    page.keyboard.press("Control+Enter")
    lab.await_prompt(gone, r"\[\d+\]:")
    expect(gone.locator(".jp-OutputArea-output").last).to_contain_text("answer", timeout=LIMIT_MS)
    assert "42" not in gone.locator(".jp-OutputArea").inner_text(), "a restart keeps names"
    lab.picture("5-restarted")


def main(notebook, pictures):
    os.makedirs(pictures, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hc-lab-") as folder:
        for entry in os.listdir(os.path.dirname(notebook)):
            if entry.endswith((".ipynb", ".csv")):
                shutil.copy(os.path.join(os.path.dirname(notebook), entry), folder)
        port = free_port()
        with open(os.path.join(pictures, "jupyterlab.log"), "w") as log:
            server = start_server(folder, port, log)
            try:
                with sync_playwright() as tools:
                    browser = tools.chromium.launch_persistent_context(
                        os.path.join(folder, "browser"),
                        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                        headless=True,
                        args=FLAGS,
                        viewport={"width": 1200, "height": 900},
                    )
                    page = browser.pages[0]
                    try:
                        work(page, port, pictures)
                    except BaseException:
                        page.screenshot(path=os.path.join(pictures, "failed.png"))
                        raise
                    finally:
                        browser.close()
            finally:
                server.terminate()
                server.wait(timeout=30)


if __name__ == "__main__":
    main(*sys.argv[1:])
