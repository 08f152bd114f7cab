"""Random programs of cells, whose processes are killed or stopped for a while at seeded times; all names are
compared with a model. Usage: kills.py SEED COUNT

The model holds what the last committed cell left. A cell whose reply said ok must be there; one that
got another reply or none must be there whole or not at all.
"""

import copy
import os
import random
import signal
import sys
import tempfile
import time

import processes
from notebook import Notebook

START = """
int a = 0; int b = 0; long c = 0;
var words = new ArrayList<String>(); var same = words;
class Tally { static int n = 0; static final List<String> log = new ArrayList<>(); }
Supplier<Integer> next = () -> { a = a + 1; b = b + 1; return a; };
int scale() { return 1; }
Object shape = 0;
"""
READ = """
String.join(" ", List.of("seen:", "" + a, "" + b, "" + c, "" + words.size(), "" + same.size(), "" + (words == same),
    "" + Tally.n, "" + Tally.log.size(), "" + scale(), "" + shape, "end"))
"""
ROLES = ["kernel", "executor", "compiler", "node"]


class Model:
    """a and b change together, by cells and by a lambda; words is seen through two names; Tally has static fields."""

    def __init__(self):
        self.a = self.c = self.words = self.tally = 0
        self.scale = 1
        self.shape = "0"

    def shown(self):
        return (
            f"seen: {self.a} {self.a} {self.c} {self.words} {self.words} true"
            f" {self.tally} {self.tally} {self.scale} {self.shape} end"
        )

    def copy(self):
        return copy.copy(self)


def add_to_pair(chance, model):
    model.a += 1
    return "a = a + 1; b = b + 1;"


def add_word(chance, model):
    model.words += 1
    return f'words.add("w{chance.randrange(10**6)}");'


def change_everything(chance, model):
    model.c = model.a * 10
    model.a += 1
    model.words += 1
    return 'c = a * 10L; a++; same.add("s"); b++;'


def take_time(chance, model):
    added = chance.randrange(1, 4)
    model.c += sum(range(added))
    return f"for (int i = 0; i < {added}; i++) {{ c += i; Thread.sleep(5); }}"


def change_statics(chance, model):
    model.tally += 1
    return 'Tally.n++; Tally.log.add("t");'


def call_lambda(chance, model):
    model.a += 1
    return "next.get();"


def redefine_method(chance, model):
    model.scale = chance.randrange(2, 9)
    return f"int scale() {{ return {model.scale}; }}"


def call_method(chance, model):
    model.c += model.scale
    return "c += scale();"


def redefine_variable(chance, model):
    number = chance.randrange(1000)
    spelling, model.shape = chance.choice(
        [(f"var shape = {number};", f"{number}"), (f'var shape = "s{number}";', f"s{number}")]
    )
    return spelling


def throw_after_change(chance, model):
    model.words += 1
    return 'words.add("before"); throw new IllegalStateException("on purpose");'


CELLS = [
    add_to_pair,
    add_word,
    change_everything,
    take_time,
    change_statics,
    call_lambda,
    redefine_method,
    call_method,
    redefine_variable,
    throw_after_change,
]


def next_cell(chance, model):
    """A cell's source and the model after it."""
    after = model.copy()
    return chance.choice(CELLS)(chance, after), after


def run_undisturbed(notebook, source):
    outcome = notebook.run(source)
    wanted = "error" if "throw" in source else "ok"
    if outcome.status != wanted:
        raise AssertionError(f"{source!r} ended {outcome.status}: {outcome.error} {outcome.text}")


def state_of(notebook, story):
    """What the names hold now, spelled as Model.shown does."""
    seen = notebook.run(READ)
    if seen.status != "ok":
        raise AssertionError(f"{story}: reading fails: {seen.error} {seen.text}")
    # The line that says what was resumed stands before it.
    return seen.text[seen.text.index("seen:") : seen.text.index("end") + 3]


def stop_for_a_while(victims, chance):
    for victim in victims:
        os.kill(victim, signal.SIGSTOP)
    time.sleep(0.1 + 0.4 * chance.random())
    for victim in victims:
        os.kill(victim, signal.SIGCONT)


def strike(notebook, folder, chance, source, role, deadly):
    """Kills or stops the processes of a role while a cell runs; the notebook, the outcome, how many were hit."""
    delay_s = chance.choice([0, 0.002, 0.005, 0.01, 0.02, 0.05]) * (1 + chance.random())
    victims = processes.of_role(os.environ["HYDROCELL_HOME"], role)
    request = notebook.send(source)
    time.sleep(delay_s)
    if not deadly:
        stop_for_a_while([victim for victim in victims if processes.alive(victim)], chance)
        return notebook, notebook.finish(request), 0
    for victim in victims:
        processes.kill(victim)
    if role != "kernel":
        return notebook, notebook.finish(request), len(victims)
    outcome = notebook.finish(request, 5)
    notebook.abandon()
    return Notebook(folder), outcome, len(victims)


def main(seed, count):
    chance = random.Random(seed)
    kills, cells = dict.fromkeys(ROLES, 0), 0
    with tempfile.TemporaryDirectory(prefix="hc-kills-") as folder:
        notebook, model = Notebook(folder), Model()
        notebook.must(START)
        for number in range(count):
            for _ in range(chance.randrange(3)):
                source, after = next_cell(chance, model)
                run_undisturbed(notebook, source)
                model, cells = after, cells + 1
            role, deadly = chance.choice(ROLES), chance.random() < 0.8
            source, after = next_cell(chance, model)
            story = f"seed {seed}, fault {number}: {role} {'killed' if deadly else 'stopped'} in {source!r}"
            notebook, outcome, hit = strike(notebook, folder, chance, source, role, deadly)
            kills[role] += hit
            cells += 1
            if outcome.status is None and not (deadly and role == "kernel"):
                raise AssertionError(f"{story}: no reply from a kernel that lives")
            certain = outcome.status == "ok" or (outcome.error or "").endswith("on purpose")
            possible = [after] if certain else [model, after]
            now = state_of(notebook, story)
            fitting = [state for state in possible if state.shown() == now]
            if not fitting:
                raise AssertionError(
                    f"{story}: reply {outcome.status} ({outcome.error}), then\n  {now}\nbut expected"
                    f" {[state.shown() for state in possible]}"
                )
            model = fitting[0]
        notebook.close()
    print(f"seed {seed}: {cells} cells, {count} faults, killed {kills}; last state {model.shown()}")
    if count >= 40 and not all(kills.values()):
        sys.exit("some process was never killed")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
