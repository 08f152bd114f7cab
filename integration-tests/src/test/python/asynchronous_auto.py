"""%config async=auto: cells that touch nothing but names run beside each other, the others in their order.
Usage: asynchronous_auto.py [SEED [COUNT]], the programs that are compared with their serial run."""

import os
import random
import sys
import tempfile
import time

import processes
from asynchronous import LIMIT_S, Page, must

HOME = os.environ["HYDROCELL_HOME"]
LONG_MS = 600_000


def running(notebook):
    """How many cells %jobs shows running."""
    return notebook.must("%jobs").count(" running ")


def await_running(notebook, count):
    deadline = time.monotonic() + LIMIT_S
    while running(notebook) < count:
        must(time.monotonic() < deadline, f"{count} cells do not run beside each other")


def independent_cells_run_side_by_side(notebook, folder):
    notebook.must("int a = 1; int b = 2; var data = new ArrayList<Integer>(List.of(1, 2, 3));")
    notebook.must("%config async=auto")
    slow = [notebook.send(f"Thread.sleep({LONG_MS}); {name} = {name} + 1;") for name in "ab"]
    for sent in slow:
        must(notebook.finish(sent).status == "ok", "not submitted")
    await_running(notebook, 2)
    # What needs neither of them runs now.
    other = notebook.send('int total = 0; for (int each : data) total += each; "sum " + total')
    must(notebook.await_text(other, "sum 6"), "it waits")
    notebook.must("%cancel")
    for sent in slow:
        must(notebook.await_text(sent, "cancelled after"), "it was not cancelled")
    notebook.must("%config async=off\nint a = 1; int b = 2;")


def what_is_only_looked_at_is_not_pending(notebook, folder):
    notebook.must("var rows = new ArrayList<String>(List.of(\"x\", \"y\"));")
    sent = notebook.send(
        f"%%async\nThread.sleep({LONG_MS}); String found = \"\"; for (var r : rows) found += r;"
    )
    notebook.finish(sent)
    await_running(notebook, 1)
    must("[x, y]" in notebook.must("rows"), "a list that is only read is pending")
    notebook.must("%cancel")
    must(notebook.await_text(sent, "cancelled after"), "it was not cancelled")


def names_that_may_share_objects_are_pending_together(notebook, folder):
    notebook.must("var original = new ArrayList<String>(List.of(\"x\"));")
    sent = notebook.send("%%async\nThread.sleep(500); var alias = original;")
    notebook.finish(sent)
    notebook.must('original.add("y");')
    must("[x, y] true" in notebook.must('alias + " " + (alias == original)'), "the names were torn apart")


def order_is_kept_where_names_are_shared(notebook, folder):
    notebook.must("var log = new ArrayList<Integer>(); int last = 0;")
    notebook.must("%config async=auto")
    for i in range(1, 6):
        notebook.send(f"Thread.sleep({60 - 10 * i}); log.add({i}); last = {i};")
    notebook.must("%config async=off")
    must("[1, 2, 3, 4, 5] 5" in notebook.must('log + " " + last'), "out of order")


def effects_outside_keep_their_order(notebook, folder):
    path = f"{folder}/effects"
    notebook.must("%config async=auto")
    write = (
        'java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), step + " ",'
        " java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);"
    ) % path
    notebook.must("int step = 0;")
    for i in range(1, 4):
        notebook.send(f"Thread.sleep(20); step = step + {i};")
        notebook.send(write)
    notebook.must("%config async=off")
    with open(path) as f:
        must(f.read().split() == ["1", "3", "6"], "effects outside are out of order")


def an_error_soon_is_the_cells(notebook, folder):
    notebook.must("int broken = 1;\n%config async=auto")
    outcome = notebook.run("for (int i = 0; i < 2; i++) broken = broken / 0;")
    if outcome.status == "ok":
        must("ArithmeticException" in notebook.run("broken").error, "the error is nowhere")
    else:
        must("by zero" in outcome.error, outcome.error)
    read = notebook.run("broken + 1")
    must(read.status == "error" and "`broken` failed in cell" in read.error, read.error)
    notebook.must("%config async=off\nint broken = 2;")


def many_cells_wait_for_their_turn(notebook, folder):
    notebook.must("%config async=auto\nint turns = 0;")
    sent = [notebook.send("Thread.sleep(1); turns = turns + 1;") for _ in range(300)]
    for each in sent:
        outcome = notebook.finish(each)
        must(outcome.status == "ok", outcome.error)
    must("300" in notebook.must("%wait\n%config async=off\nturns"), "a turn was lost")


def commands_wait_for_the_cells_that_they_run(notebook, folder):
    notebook.must("%config async=auto\nint timed = 0;")
    text = notebook.must("%%time\nfor (int i = 0; i < 3; i++) { Thread.sleep(50); timed++; }\ntimed")
    must("queued" not in text and float(text.split(" ms")[0].split()[-1]) >= 150, text)
    text = notebook.must("%%capture kept\nfor (int i = 0; i < 3; i++) System.out.println(i);")
    must("2" in notebook.must("%config async=off\nkept.stdout()"), "the cell was not waited for")


def a_pure_cell_survives_its_executor(notebook, folder):
    notebook.must("int seed = 3;")
    sent = notebook.send("%%async\nThread.sleep(2000); int grown = seed + 1;")
    notebook.finish(sent)
    await_running(notebook, 1)
    notebook.must("seed = 50;")
    # The foreground's executor holds nothing that is not stored, so all of them may go.
    for pid in processes.of_role(HOME, "executor"):
        processes.kill(pid)
    must("4" in notebook.must("grown"), "it did not run again on its own values")
    must(notebook.await_text(sent, "done after"), "it is not done")


START = """
int a = 1; int b = 2; int c = 3; var list = new ArrayList<Integer>(List.of(1)); var same = list;
int[] cells = {1, 2, 3}; var byName = new TreeMap<String, Integer>();
class Tally { int n; void add(int x) { n += x; } }
var tally = new Tally();
int twice(int x) { return 2 * x; }
"""
SHOWN = 'a + " " + b + " " + c + " " + list + " " + same + " " + Arrays.toString(cells) + " " + byName + " " + tally.n'


def random_cell(chance, path):
    """Java that reads and writes some names, takes a while, and may reach outside."""
    x, y, z = (chance.choice("abc") for _ in range(3))
    return chance.choice(
        [
            f"{x} = {y} + {z};",
            f"for (int i = 0; i < 3; i++) {x} += {y} % 7;",
            f"Thread.sleep({chance.randrange(30)}); {x} = twice({y}) % 1000;",
            f"Thread.sleep({chance.randrange(30)}); list.add({x} % 100);",
            f"int sum = 0; for (int each : same) sum += each; {x} = sum;",
            f"{x} = list.stream().mapToInt(each -> each + {y}).sum() % 1000;",
            f"cells[{chance.randrange(3)}] = {x}; Thread.sleep({chance.randrange(20)});",
            f'byName.merge("{x}", {y}, Integer::sum); Thread.sleep({chance.randrange(20)});',
            f"Thread.sleep({chance.randrange(20)}); same = list;",
            f"Thread.sleep({chance.randrange(20)}); same = new ArrayList<Integer>(list); same.add({x});",
            f"Thread.sleep({chance.randrange(20)}); tally.add({x} % 10);",
            f"var copy = new ArrayList<Integer>(list); copy.add({x}); {y} = copy.size();",
            f'java.nio.file.Files.writeString(java.nio.file.Path.of("{path}"), {x} + " ",'
            " java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);",
        ]
    )


def outcome_of(notebook, folder, seed, mode):
    """What a program of this seed leaves in names and outside."""
    path = f"{folder}/program-{seed}-{mode}"
    chance = random.Random(seed)
    notebook.must(START)
    notebook.must(f"%config async={mode}")
    sent = [notebook.send(random_cell(chance, path)) for _ in range(14)]
    for each in sent:
        must(notebook.finish(each).status == "ok", f"seed {seed}: {notebook.errors}")
    notebook.must("%wait\n%config async=off")
    written = ""
    if os.path.exists(path):
        with open(path) as f:
            written = f.read()
    return notebook.must(SHOWN), written


def programs_come_to_what_they_come_to_serially(notebook, folder):
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for seed in range(first, first + (int(sys.argv[2]) if len(sys.argv) > 2 else 8)):
        serial = outcome_of(notebook, folder, seed, "off")
        beside = outcome_of(notebook, folder, seed, "auto")
        must(serial == beside, f"seed {seed}: serially {serial}, beside each other {beside}")


def main():
    with tempfile.TemporaryDirectory(prefix="hc-aa-") as folder:
        notebook = Page(folder)
        try:
            for case in (
                independent_cells_run_side_by_side,
                what_is_only_looked_at_is_not_pending,
                names_that_may_share_objects_are_pending_together,
                order_is_kept_where_names_are_shared,
                effects_outside_keep_their_order,
                an_error_soon_is_the_cells,
                many_cells_wait_for_their_turn,
                commands_wait_for_the_cells_that_they_run,
                a_pure_cell_survives_its_executor,
                programs_come_to_what_they_come_to_serially,
            ):
                case(notebook, folder)
                print(case.__name__, "ok", flush=True)
        finally:
            notebook.close()


if __name__ == "__main__":
    main()
