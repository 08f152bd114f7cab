"""Types in JupyterLab as a person does, in headless Chromium: Tab shows what could stand there and takes
it, Shift-Tab shows the documentation, also while another cell runs. Usage: typing_lab.py SCREENSHOT_FOLDER
"""

import os
import sys
import tempfile

from playwright.sync_api import expect

from browser import LIMIT_MS, Lab, in_browser, write_notebook

DECLARED = """/**
 * Where the sun stands.
 *
 * @param hour of the day
 */
double height(int hour) {
    return Math.sin(hour);
}
List<String> planets = List.of("Earth", "Mars");"""

# The JDK's documentation is shown where its sources are installed, and otherwise what to install.
JDK_HAS_SOURCES = "Returns a stream consisting of the elements"
JDK_LACKS_SOURCES = "openjdk-25-source"


def has_sources():
    java = os.environ["HYDROCELL_TEST_JAVA"]
    return os.path.exists(os.path.join(os.path.dirname(os.path.dirname(java)), "lib", "src.zip"))


def menu_is_shown_and_taken(lab, page):
    cell = lab.add_cell("planets.stream().map(planet -> planet.to")
    page.keyboard.press("Tab")
    menu = page.locator(".jp-Completer")
    expect(menu).to_be_visible(timeout=LIMIT_MS)
    expect(menu).to_contain_text("toLowerCase(")
    lab.picture("typing-1-proposals")
    page.keyboard.type("Up")
    page.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_contain_text("planet.toUpperCase(", timeout=LIMIT_MS)
    page.keyboard.press("Escape")


def name_of_the_notebook_is_taken(lab, page):
    cell = lab.add_cell("plane")
    page.keyboard.press("Tab")
    menu = page.locator(".jp-Completer")
    expect(menu).to_be_visible(timeout=LIMIT_MS)
    expect(menu).to_contain_text("planets")
    page.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_have_text("planets", timeout=LIMIT_MS)


def documentation_is_shown(lab, page, source, picture, *texts):
    lab.add_cell(source)
    page.keyboard.press("Shift+Tab")
    shown = page.locator(".jp-Tooltip")
    expect(shown).to_be_visible(timeout=LIMIT_MS)
    for text in texts:
        expect(shown).to_contain_text(text, timeout=LIMIT_MS)
    lab.picture(picture)
    page.keyboard.press("Escape")


def work(page, port, pictures):
    page.goto(f"http://127.0.0.1:{port}/lab/tree/typing.ipynb?token=test&reset")
    lab = Lab(page, pictures)
    expect(lab.cells.first).to_be_visible(timeout=LIMIT_MS)
    expect(page.get_by_text("Java (Hydrocell) | Idle")).to_be_visible(timeout=LIMIT_MS)
    lab.menu("Run", "Run All Cells")
    lab.await_prompt(lab.cells.first, r"\[1\]:")
    lab.await_idle()

    menu_is_shown_and_taken(lab, page)
    name_of_the_notebook_is_taken(lab, page)
    documentation_is_shown(
        lab, page, "height(", "typing-2-own", "double height(int hour)", "Where the sun stands.", "of the day"
    )
    documentation_is_shown(
        lab,
        page,
        "planets.stream().filter(",
        "typing-3-jdk",
        "filter(Predicate",
        JDK_HAS_SOURCES if has_sources() else JDK_LACKS_SOURCES,
    )

    looping = lab.add_cell('System.out.println("it runs"); while (true);')
    page.keyboard.press("Control+Enter")
    expect(looping.locator(".jp-OutputArea-output").last).to_contain_text("it runs", timeout=LIMIT_MS)
    name_of_the_notebook_is_taken(lab, page)
    expect(page.get_by_text("Java (Hydrocell) | Busy")).to_be_visible(timeout=LIMIT_MS)
    lab.picture("typing-4-beside-a-cell")
    lab.menu("Kernel", "Interrupt Kernel")
    lab.await_idle()


def main(pictures):
    with tempfile.TemporaryDirectory(prefix="hc-typing-") as folder:
        write_notebook(os.path.join(folder, "typing.ipynb"), [DECLARED])
        in_browser(folder, pictures, "typing", work)


if __name__ == "__main__":
    main(*sys.argv[1:])
