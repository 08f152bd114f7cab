"""A notebook with asynchronous cells, run by programs that take no output after a reply: what they write is complete."""

import os
import subprocess
import sys
import tempfile

import nbformat

CELLS = [
    ("int base = 20;", ""),
    ("%%async\nThread.sleep(300); System.out.println(\"said late\");\nint slow = base + 1;\nslow", "said late 21"),
    ("slow * 2", "42"),
    ("%%async\nslow = slow + 1;", ""),
    ("slow", "22"),
]


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def shown(cell):
    texts = []
    for output in cell.outputs:
        must(output.output_type != "error", output)
        texts.append(output.get("text", "") + output.get("data", {}).get("text/plain", ""))
    return " ".join(" ".join(texts).split())


def programs(notebook, executed):
    yield ["nbconvert", "--to", "notebook", "--execute", "--output", executed, notebook]
    yield ["papermill", "--cwd", os.path.dirname(notebook), notebook, executed]


def main():
    with tempfile.TemporaryDirectory(prefix="hc-ar-") as folder:
        notebook, executed = f"{folder}/asked.ipynb", f"{folder}/executed.ipynb"
        cells = [nbformat.v4.new_code_cell(source) for source, _ in CELLS]
        metadata = {"kernelspec": {"name": "hydrocell", "display_name": "Java", "language": "java"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), notebook)
        for program in programs(notebook, executed):
            if os.path.exists(executed):
                os.remove(executed)
            subprocess.run([sys.executable, "-m", *program], check=True)
            for cell, (source, wanted) in zip(nbformat.read(executed, 4).cells, CELLS, strict=True):
                must(cell.source == source, cell.source)
                must(shown(cell) == wanted, f"{source!r} shows {shown(cell)!r}")
            print(program[0], "ok", flush=True)


if __name__ == "__main__":
    main()
