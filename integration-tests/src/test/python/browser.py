"""JupyterLab (or Notebook 7) and a headless Chromium on it, for the tests that work as a person does."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
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


def settings_without_news(folder):
    """Settings of JupyterLab in which it does not ask whether news are wanted."""
    settings = os.path.join(folder, ".settings")
    place = os.path.join(settings, "@jupyterlab", "apputils-extension")
    os.makedirs(place)
    with open(os.path.join(place, "notification.jupyterlab-settings"), "w") as file:
        file.write('{"fetchNews": "false"}')
    return settings


def start_server(folder, port, log, application="jupyterlab", command=(), env=None):
    """The command, if any, runs the server as somebody else, with more in the environment."""
    server = subprocess.Popen(
        [
            *command,
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
        env={**os.environ, **(env or {})},
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


def write_notebook(path, cells):
    """A notebook of code cells, of which nothing has run."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={
            "kernelspec": {"name": "hydrocell", "display_name": "Java (Hydrocell)", "language": "java"}
        },
    )
    nbformat.write(notebook, path)


def in_browser(folder, pictures, story, work, application="jupyterlab", width=1200):
    """Serves a folder and calls work(page, port, pictures); what the page shows when that fails is kept."""
    os.makedirs(pictures, exist_ok=True)
    port = free_port()
    with open(os.path.join(pictures, f"{story}.log"), "w") as log:
        settings = {"JUPYTERLAB_SETTINGS_DIR": settings_without_news(folder)}
        server = start_server(folder, port, log, application, env=settings)
        try:
            with sync_playwright() as tools:
                browser = tools.chromium.launch_persistent_context(
                    os.path.join(folder, ".browser"),
                    executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                    headless=True,
                    args=FLAGS,
                    viewport={"width": width, "height": 900},
                )
                page = browser.pages[0]
                try:
                    work(page, port, pictures)
                except BaseException:
                    page.screenshot(path=os.path.join(pictures, f"{story}-failed.png"))
                    raise
                finally:
                    browser.close()
        finally:
            server.terminate()
            server.wait(timeout=60)
