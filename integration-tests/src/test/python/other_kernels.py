"""Runs notebooks that are written for other Java kernels, unchanged but for the kernel, and compares what they show.

Usage: other_kernels.py FOLDER, which holds the notebooks with the outputs that they should have
"""

import glob
import os
import sys
import tempfile

import nbformat
from compare import seen
from nbclient import NotebookClient

FORMS = ("text/html", "text/markdown")


def is_bar(output):
    """How far a download was: it is there when that took long."""
    return output.get("data", {}).get("text/plain", "").startswith(("fetched ", "fetching "))


def forms(cell):
    """What stands beside plain text in a cell's outputs."""
    return [
        {form: output.data[form] for form in FORMS if form in output.data}
        for output in cell.outputs
        if "data" in output
    ]


def faults(path):
    wanted = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="hc-other-") as folder:
        run = nbformat.read(path, as_version=4)
        for cell in run.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        where = {"metadata": {"path": folder}}
        NotebookClient(run, kernel_name="hydrocell", resources=where, timeout=180, allow_errors=True).execute()
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_bar(output)]
    found = []
    for want, have in zip(wanted.cells, run.cells):
        if want.cell_type != "code":
            continue
        # A table's HTML is long: it is compared where the notebook has it.
        same = seen(want) == seen(have) and all(w.items() <= h.items() for w, h in zip(forms(want), forms(have)))
        if not same:
            found.append(
                f"{os.path.basename(path)}:\n{want.source}\nwants {seen(want)} {forms(want)}\n"
                f"but has {seen(have)} {forms(have)}"
            )
    return found


def main(folder):
    notebooks = sorted(glob.glob(os.path.join(folder, "*.ipynb")))
    if len(notebooks) < 4:
        raise AssertionError(f"only {notebooks} in {folder}")
    found = [fault for notebook in notebooks for fault in faults(notebook)]
    if found:
        sys.exit("\n\n".join(found))
    print(f"{len(notebooks)} notebooks of other kernels ran")


if __name__ == "__main__":
    main(*sys.argv[1:])
