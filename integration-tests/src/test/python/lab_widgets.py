"""Widgets, tables and progress in JupyterLab, in headless Chromium, as a person uses them.

Usage: lab_widgets.py SCREENSHOT_FOLDER
"""

import os
import sys
import tempfile

from playwright.sync_api import expect

from browser import LIMIT_MS, Lab, in_browser, write_notebook

CELLS = [
    "import hydrocell.api.widgets.*;",
    """int moved = 0;
var speed = new IntSlider(20, 0, 100).description("speed");
speed.onChange(v -> moved = v);
speed""",
    """int presses = 0;
var shown = new Label("not pressed");
var press = new Button("press me").style("primary").icon("check");
press.onClick(b -> shown.value("pressed " + ++presses));
new HBox(press, shown)""",
    "new IntSlider(3, 0, 9).description(\"n\").interact(n -> n * n)",
    """new VBox(new Text("some text").description("text"), new Checkbox("agree", true),
    new Dropdown<>("red", "green", "blue").description("color"),
    new IntProgress(10).value(6).description("done").width("50%"))""",
    """record City(String name, int people) {}
List.of(new City("Turin", 850), new City("Rome", 2800), new City("Bari", 315))""",
    """import java.awt.image.BufferedImage;
var picture = new BufferedImage(60, 20, BufferedImage.TYPE_INT_RGB);
new VBox(new FloatSlider(0.5, 0, 1), new IntText(1), new FloatText(1.5), new Textarea("lines").rows(2),
    new Label("a label"), new Html("<b>bold</b>"), new ToggleButton("toggle", true), new Button("plain"),
    new RadioButtons<>("one", "two"), new Select<>("one", "two"),
    new hydrocell.api.widgets.Image(picture), new Output().println("printed"))""",
    "long sum = 0; for (int i : progress(300_000, \"adding\")) sum += i; sum",
]


def ask(lab, page, source, answer):
    cell = lab.add_cell(source)
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-OutputArea-output").last).to_contain_text(answer, timeout=LIMIT_MS)


def slides(lab, page):
    handle = lab.cells.nth(1).locator(".noUi-handle")
    expect(handle).to_be_visible(timeout=LIMIT_MS)
    handle.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(lab.cells.nth(1).locator(".widget-readout")).to_have_text("25")


def works(lab, page):
    slides(lab, page)
    cell = lab.cells.nth(2)
    for times in (1, 2):
        cell.locator("button.jupyter-button").click()
        expect(cell.locator(".widget-label").last).to_have_text(
            f"pressed {times}", timeout=LIMIT_MS
        )
    square = lab.cells.nth(3)
    expect(square.locator(".jp-OutputArea .jp-OutputArea")).to_contain_text("9", timeout=LIMIT_MS)
    square.locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    expect(square.locator(".jp-OutputArea .jp-OutputArea")).to_contain_text("16", timeout=LIMIT_MS)
    lab.cells.nth(1).scroll_into_view_if_needed()
    lab.picture("widgets-1-used")


def sorts(lab):
    table = lab.cells.nth(5).locator("table")
    first = table.locator("tbody tr").first
    expect(first).to_contain_text("Turin", timeout=LIMIT_MS)
    table.locator("th", has_text="people").click()
    expect(first).to_contain_text("Bari")
    expect(table.locator("th", has_text="people")).to_have_text("people ▲")
    table.locator("th", has_text="people").click()
    expect(first).to_contain_text("Rome")
    table.locator("th", has_text="name").click()
    expect(first).to_contain_text("Bari")


def work(page, port, pictures):
    page.goto(f"http://127.0.0.1:{port}/lab/tree/widgets.ipynb?token=test&reset")
    lab = Lab(page, pictures)
    expect(lab.cells.first).to_be_visible(timeout=LIMIT_MS)
    expect(page.get_by_text("Java (Hydrocell) | Idle")).to_be_visible(timeout=LIMIT_MS)
    lab.menu("Run", "Run All Cells")
    lab.await_prompt(lab.cells.last, r"\[\d+\]:")
    lab.await_idle()
    works(lab, page)
    sorts(lab)
    lab.cells.nth(5).scroll_into_view_if_needed()
    lab.picture("widgets-2-sorted")
    done = lab.cells.nth(7)
    expect(done.locator(".jp-OutputArea")).to_contain_text("300,000/300,000", timeout=LIMIT_MS)
    done.scroll_into_view_if_needed()
    lab.picture("widgets-3-progress")
    lab.cells.nth(6).scroll_into_view_if_needed()
    expect(lab.cells.nth(6).locator(".jp-OutputArea .jp-OutputArea")).to_contain_text("printed")
    lab.picture("widgets-4-all-kinds")
    ask(lab, page, "moved + presses", "27")
    lab.picture("widgets-5-state")
    broken = page.get_by_text("Click to show javascript error").count()
    assert broken == 0, f"{broken} widgets have no view"
    errors = page.locator(".jp-OutputArea-output[data-mime-type*='error']").count()
    assert errors == 0, f"{errors} cells failed"


def main(pictures):
    with tempfile.TemporaryDirectory(prefix="hc-widgets-") as folder:
        write_notebook(os.path.join(folder, "widgets.ipynb"), CELLS)
        in_browser(folder, pictures, "widgets", work)


if __name__ == "__main__":
    main(*sys.argv[1:])
