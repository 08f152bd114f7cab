"""Works in Notebook 7 as a person does, in headless Chromium: opens a notebook, runs its cells, adds one,
interrupts it, restarts the kernel. Usage: notebook7.py NOTEBOOK SCREENSHOT_FOLDER
"""

import os
import shutil
import sys
import tempfile

from playwright.sync_api import expect, sync_playwright

from lab import FLAGS, LIMIT_MS, Lab, free_port, start_server


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
    os.makedirs(pictures, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hc-notebook7-") as folder:
        shutil.copy(notebook, folder)
        port = free_port()
        with open(os.path.join(pictures, "notebook7.log"), "w") as log:
            server = start_server(folder, port, log, "notebook")
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
                        page.screenshot(path=os.path.join(pictures, "notebook7-failed.png"))
                        raise
                    finally:
                        browser.close()
            finally:
                server.terminate()
                server.wait(timeout=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
