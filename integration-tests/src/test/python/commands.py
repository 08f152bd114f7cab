"""Commands that keep, profile, save and run cells; those of other kernels; and the notebook's own."""

import base64
import os
import tempfile

from magics import fails, must, shows
from notebook import Notebook

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def captures(notebook):
    shown = notebook.must('%%capture said\nSystem.out.println("out");\nSystem.err.println("err");\n6 * 7')
    must("out" not in shown and "42" not in shown, f"what is captured is shown: {shown}")
    shows(notebook, "said.stdout() + said.stderr() + said.outputs().getLast()", "out\nerr\n{text/plain=42}")
    shows(notebook, "said.show();", "out", "err", "42")
    notebook.must("%%capture much\nSystem.out.print(\"x\".repeat(100_000));")
    shows(notebook, "%%java\nmuch.stdout().length()", "100000")
    fails(notebook, "%%capture broken\nSystem.out.println(\"first\");\nthrow new Exception(\"then\");", "then")
    shows(notebook, "broken.stdout()", "first")
    must("17" not in notebook.must("%%capture\n17"), "a capture without a name shows something")


def profiles(notebook):
    shown = notebook.must(
        "int spin(int n) { int x = n; for (int i = 0; i < 50_000_000; i++) x = x * 31 + i; return x; }\n"
    )
    shown = notebook.must("%%jfr\nlong t = 0;\nfor (int i = 0; i < 20; i++) t += spin(i);\nt != 0")
    must("samples of the notebook's code" in shown and "spin" in shown and "true" in shown, shown)
    shows(notebook, "byte[][] blocks = new byte[8][1 << 20];\n%heap 5", "byte[]", "MB of at most")


def runs_and_saves(notebook, folder):
    source = "package demo;\npublic class Greeter {\n  public static void main(String[] a) {\n"
    source += '    System.out.println("hello " + String.join("+", a));\n  }\n}'
    notebook.must(f"%%writefile Greeter.java\n{source}")
    shows(notebook, "%run Greeter.java Ada Bob", "hello Ada+Bob")
    shows(notebook, "%save kept.java 1", "wrote 1 cells")
    with open(os.path.join(folder, "kept.java")) as file:
        must(file.read().startswith("%%capture said"), "the first cell is not saved")
    shows(notebook, "%save all.ipynb", "all.ipynb")
    with open(os.path.join(folder, "all.ipynb")) as file:
        must('"cell_type":"code"' in file.read(), "no notebook was written")
    notebook.must('String note = "to a file";\n%write note note.txt')
    shows(notebook, "%read note.txt", "to a file")
    with open(os.path.join(folder, "dot.png"), "wb") as file:
        file.write(base64.b64decode(PIXEL))
    shows(notebook, "%image dot.png", "image/png")


def as_in_other_kernels(notebook):
    notebook.must("int add(int a, int b) { return a + b; }\nrecord P(int x) {}\nimport java.util.zip.CRC32;")
    shows(notebook, "%jshell /methods", "int add(int a, int b)")
    shows(notebook, "%jshell /types", "record P(int x)")
    shows(notebook, "%jshell /imports", "java.util.zip.CRC32")
    shows(notebook, "%jshell /vars", "Captured said")
    fails(notebook, "%jshell /bogus", "/vars")
    shows(notebook, "%printWithName", "result.names is true")
    shows(notebook, "int seven = 7;\nseven + 1", "seven + 1 = 8")
    shows(notebook, "%printWithName", "result.names is false")
    shows(notebook, "%%script sort -r\na\nb", "b\na")
    shows(notebook, "%%!tr a-z A-Z\nloud", "LOUD")
    shows(notebook, "%%python3\nprint(6 * 7)", "42")
    shows(notebook, "%sh echo one line", "one line")
    shows(notebook, "%%bash first\necho \"$1 argument\"", "first argument")
    fails(notebook, "%%script no-such-program\nx", "no-such-program")
    fails(notebook, "%%groovy\n1", "%maven org.apache.groovy")
    shows(notebook, "%%env\nA_NAME=a value\n", "A_NAME is set")
    shows(notebook, "%classpath", "the class path is empty")
    shows(notebook, "%list", "%maven", "%%capture")
    shows(notebook, "%%compile demo.Twice\npublic class Twice { static int of(int n) { return 2 * n; } }\nTwice.of(4)", "8")


def own_commands(notebook, folder):
    notebook.must('@LineMagic\nString shout(String line) { return line.toUpperCase() + "!"; }')
    notebook.must('@LineMagic("count")\nint number(String... words) { return words.length; }')
    notebook.must('@CellMagic\nlong lines(String text) { return text.lines().count(); }')
    notebook.must('@CellMagic("tag")\nObject tagged(List<String> words, String text) { return words + text; }')
    shows(notebook, "%shout some words", "SOME WORDS!")
    shows(notebook, "int three = %count a b c\nthree + 1", "4")
    shows(notebook, "%%lines\na\nb\n", "2")
    shows(notebook, "%%tag x y\nbody", "[x, y]body")
    fails(notebook, "%shuot x", "did you mean %shout?")
    shows(notebook, "%help", "%shout", "a method of this notebook")
    notebook.close()
    again = Notebook(folder)
    shows(again, "%shout after a while", "AFTER A WHILE!")
    return again


def main():
    with tempfile.TemporaryDirectory(prefix="hc-commands-") as folder:
        notebook = Notebook(folder)
        captures(notebook)
        profiles(notebook)
        runs_and_saves(notebook, folder)
        as_in_other_kernels(notebook)
        own_commands(notebook, folder).close()
    print("commands ok")


if __name__ == "__main__":
    main()
