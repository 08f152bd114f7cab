"""What follows from what in a notebook: %graph, %stale, %stale run."""

import tempfile

from asynchronous import Page, must


def shows_who_reads_and_writes(notebook):
    notebook.must("int width = 2;")
    notebook.must("int height = 3;")
    notebook.must("int area(int a, int b) { return a * b; }")
    notebook.must("int size = area(width, height);")
    notebook.must("String label = \"size \" + size;")
    text = notebook.must("%graph")
    must("[4] int size = area(width, height);" in text, text)
    must("reads area, height, width" in text and "writes size" in text, text)
    must("stale:" not in text, text)
    must("no cell is stale" in notebook.must("%stale"), "something is stale")


def runs_what_is_stale(notebook):
    notebook.must("width = 10;")
    listed = notebook.must("%stale")
    must("`width` was written by cell" in listed and "`size` comes from cell" in listed, listed)
    must("height" not in listed.split("why")[1].split("area(width, height)")[0], listed)
    must("2 cells run again" in notebook.must("%stale run"), "they did not run")
    must("size 30" in notebook.must("label"), "they did not run in order")
    must("no cell is stale" in notebook.must("%stale"), "something is stale still")


def a_method_counts(notebook):
    notebook.must("int area(int a, int b) { return a * b * 100; }")
    listed = notebook.must("%stale")
    must("`area` was written" in listed, listed)
    notebook.must("%stale run")
    must("size 3000" in notebook.must("label"), "the new method was not used")


def a_failing_cell_stops_the_others(notebook):
    notebook.must("int divisor = 5;")
    notebook.must("int share = 100 / divisor;")
    notebook.must("int twiceShare = share * 2;")
    notebook.must("divisor = 0;")
    outcome = notebook.run("%stale run")
    must(outcome.status == "error" and "by zero" in outcome.error, outcome.error)
    notebook.must("divisor = 4;")
    notebook.must("%stale run")
    must("50" in notebook.must("twiceShare"), "they did not run after all")


def a_pending_name_is_shown(notebook):
    sent = notebook.send("%%async\nint slow = 0; while (true) slow++;")
    notebook.finish(sent)
    must("slow (pending)" in notebook.must("%graph"), "a pending name is not shown as such")
    notebook.must("%cancel")
    must(notebook.await_text(sent, "cancelled after"), "it was not cancelled")
    must("slow (failed)" in notebook.must("%graph"), "a failed name is not shown as such")


def main():
    with tempfile.TemporaryDirectory(prefix="hc-gr-") as folder:
        notebook = Page(folder)
        try:
            for case in (
                shows_who_reads_and_writes,
                runs_what_is_stale,
                a_method_counts,
                a_failing_cell_stops_the_others,
                a_pending_name_is_shown,
            ):
                case(notebook)
                print(case.__name__, "ok", flush=True)
        finally:
            notebook.close()


if __name__ == "__main__":
    main()
