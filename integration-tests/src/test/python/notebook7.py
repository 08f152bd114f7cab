"""Works in Notebook 7 as a person does, in headless Chromium: opens a notebook, runs its cells, adds one,
interrupts it, restarts the kernel. Usage: notebook7.py NOTEBOOK SCREENSHOT_FOLDER
"""

import shutil
import sys
import tempfile

from playwright.sync_api import expect

from browser import LIMIT_MS, Lab, in_browser


def work(page, port, pictures):
    page.goto(f"http://127.0.0.1:{port}/notebooks/quickstart.ipynb?token=test")
    notebook = Lab(page, pictures)
    expect(notebook.cells.first).to_be_visible(timeout=LIMIT_MS)
    expect(page.get_by_text("Java (Hydrocell)").first).to_be_visible(timeout=LIMIT_MS)
    notebook.await_idle()

    notebook.menu("Run", "Run All Cells")
    notebook.await_prompt(notebook.cells.last, r"\[\d+\]:")
    notebook.await_idle()
    errors = page.locator(".jp-OutputArea-output[data-mime-type*='error']").count()
    assert errors == 0, f"{errors} cells failed"
    expect(page.locator(".jp-OutputArea-output img").first).to_be_visible(timeout=LIMIT_MS)
    notebook.picture("notebook7-1-run")

    looping = notebook.add_cell("while (true);")
    page.keyboard.press("Control+Enter")
    notebook.await_prompt(looping, r"\[\*\]:")
    notebook.menu("Kernel", "Interrupt")
    notebook.await_prompt(looping, r"\[\d+\]:")
    kept = notebook.add_cell("answer + 1")
    page.keyboard.press("Control+Enter")
    expect(kept.locator(".jp-OutputArea-output").last).to_contain_text("43", timeout=LIMIT_MS)

    notebook.menu("Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    notebook.await_idle()
    fresh = notebook.add_cell('"after " + "restart"')
    page.keyboard.press("Control+Enter")
    expect(fresh.locator(".jp-OutputArea-output").last).to_contain_text("after restart", timeout=LIMIT_MS)
    notebook.picture("notebook7-2-restarted")


def main(notebook, pictures):
    with tempfile.TemporaryDirectory(prefix="hc-notebook7-") as folder:
        shutil.copy(notebook, folder)
        in_browser(folder, pictures, "notebook7", work, application="notebook")


if __name__ == "__main__":
    main(*sys.argv[1:])
