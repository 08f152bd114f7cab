"""Reads a notebook that an earlier build wrote. Usage: upgrade.py FOLDER"""

import sys

from notebook import Notebook

# What each expression shows, in a notebook that the first build with two shards wrote.
HOLDS = {
    "number + text": "42naïve",
    "list": "[1, 2, 3, 4]",
    "list == alias": "true",
    "points.get(1).x() + points.get(0).y()": "5",
    "colour == Colour.GREEN": "true",
    "first.id() + Counter.made": "2",
    "new Counter().id()": "2",
    "atomic.incrementAndGet()": "8",
    "later.get() + twice(1)": "86",
    'map.get("a")[1]': "2.5",
    "day.plusDays(1)": "2026-11-25",
    "large.length + large[99_999]": "100009",
}


def main(folder):
    notebook = Notebook(folder)
    first = notebook.must("number")
    if "resumed" not in first or "42" not in first:
        raise AssertionError(f"the notebook begins with {first!r}")
    for expression, value in HOLDS.items():
        shown = notebook.must(expression)
        if value not in shown.replace("\n", ""):
            raise AssertionError(f"{expression} is {shown!r}, not {value}")
    notebook.must("number = 43; points = List.of(new Point(5, 6));")
    if "48" not in notebook.must("number + points.get(0).x()"):
        raise AssertionError("what is changed is not kept")
    notebook.close()


main(sys.argv[1])
