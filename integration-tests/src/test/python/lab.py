"""Works in JupyterLab as a person does, in headless Chromium: opens the quickstart, runs all cells,
looks at the picture, interrupts a cell, restarts. Usage: lab.py NOTEBOOK SCREENSHOT_FOLDER
"""

import os
import shutil
import sys
import tempfile
import time

from playwright.sync_api import expect

from browser import LIMIT_MS, Lab, in_browser


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
    with tempfile.TemporaryDirectory(prefix="hc-lab-") as folder:
        for entry in os.listdir(os.path.dirname(notebook)):
            if entry.endswith((".ipynb", ".csv")):
                shutil.copy(os.path.join(os.path.dirname(notebook), entry), folder)
        in_browser(folder, pictures, "jupyterlab", work)


if __name__ == "__main__":
    main(*sys.argv[1:])
