"""Kills processes at seeded times and compares every name with a model. Usage: kills.py SEED COUNT

The model holds what the last committed cell left. A cell whose reply said ok must be there; one that
got another reply or none must be there whole or not at all.
"""

import os
import random
import re
import sys
import tempfile
import time

import processes
from notebook import Notebook

START = 'int a = 0; int b = 0; long c = 0; var words = new ArrayList<String>(); var same = words;'
READ = 'a + " " + b + " " + c + " " + words.size() + " " + same.size() + " " + (words == same)'


class Model:
    """a and b change together; words is seen through two names."""

    def __init__(self):
        self.a = self.c = self.words = 0

    def shown(self):
        return f"{self.a} {self.a} {self.c} {self.words} {self.words} true"

    def copy(self):
        other = Model()
        other.a, other.c, other.words = self.a, self.c, self.words
        return other


def next_cell(chance, model):
    """A cell's source and the model after it."""
    after, kind = model.copy(), chance.randrange(4)
    if kind == 0:
        after.a += 1
        return "a = a + 1; b = b + 1;", after
    if kind == 1:
        after.words += 1
        return f'words.add("w{chance.randrange(10**6)}");', after
    if kind == 2:
        after.c = after.a * 10
        after.a += 1
        after.words += 1
        return 'c = a * 10L; a++; same.add("s"); b++;', after
    added = chance.randrange(1, 4)
    after.c += sum(range(added))
    return (
        f"for (int i = 0; i < {added}; i++) {{ c += i; Thread.sleep(5); }}",
        after,
    )


def state_of(notebook, story):
    """What the names hold now, spelled as Model.shown does."""
    seen = notebook.run(READ)
    if seen.status != "ok":
        raise AssertionError(f"{story}: reading fails: {seen.error} {seen.text}")
    # The line that says what was resumed stands before it.
    return re.search(r"(\d+ ){5}(true|false)$", seen.text.strip()).group()


def main(seed, count):
    chance = random.Random(seed)
    home = os.environ["HYDROCELL_HOME"]
    kills = {}
    with tempfile.TemporaryDirectory(prefix="hc-kills-") as folder:
        notebook, model = Notebook(folder), Model()
        notebook.must(START)
        for number in range(count):
            for _ in range(chance.randrange(3)):
                source, after = next_cell(chance, model)
                notebook.must(source)
                model = after
            role = chance.choice(["kernel", "executor", "compiler", "node"])
            delay_s = chance.choice([0, 0.002, 0.005, 0.01, 0.02, 0.05]) * (1 + chance.random())
            source, after = next_cell(chance, model)
            story = f"seed {seed}, kill {number}: {role} {delay_s * 1000:.1f} ms into {source!r}"
            victims = processes.of_role(home, role)
            request = notebook.send(source)
            time.sleep(delay_s)
            for victim in victims:
                processes.kill(victim)
            kills[role] = kills.get(role, 0) + len(victims)
            if role == "kernel":
                outcome = notebook.finish(request, 5)
                notebook.abandon()
                notebook = Notebook(folder)
            else:
                outcome = notebook.finish(request)
                if outcome.status is None:
                    raise AssertionError(f"{story}: no reply from a kernel that lives")
            possible = [after] if outcome.status == "ok" else [model, after]
            now = state_of(notebook, story)
            fitting = [state for state in possible if state.shown() == now]
            if not fitting:
                raise AssertionError(
                    f"{story}: reply {outcome.status} ({outcome.error}), then\n  {now}\nbut expected"
                    f" {[state.shown() for state in possible]}"
                )
            model = fitting[0]
        notebook.close()
    print(f"seed {seed}: {count} kills of {kills}; last state {model.shown()}")
    if count >= 20 and len([role for role in kills if kills[role]]) < 4:
        sys.exit("some process was never killed")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
