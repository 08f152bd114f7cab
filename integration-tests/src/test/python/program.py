"""Random programs of cells over a few names, and a model of what these names hold."""

import copy
import re
from dataclasses import dataclass, field

START = """
int a = 0; int b = 0; long c = 0;
var words = new ArrayList<String>(); var same = words;
Map<String, Integer> counts = new TreeMap<>();
class Tally { static int n = 0; static final List<String> log = new ArrayList<>(); }
class Box { int v = 0; }
var box = new Box();
Supplier<Integer> next = () -> { a = a + 1; b = b + 1; return a; };
int scale() { return 1; }
Object shape = 0;
int step = 1;
"""
READ = """
String.join(" ", List.of("seen:", "" + a, "" + b, "" + c, "" + words, "" + same, "" + (words == same), "" + counts,
    "" + Tally.n, "" + Tally.log, "" + box.v, "" + scale(), "" + shape, "" + step, "end"))
"""
MOST_WORDS = 12
# What only the cell's reply says.
DRAWN = "drawn"


@dataclass
class Model:
    """a and b change together, by cells and by a lambda; words is often seen through two names."""

    a: int = 0
    c: int = 0
    words: list = field(default_factory=list)
    same: list = None
    counts: dict = field(default_factory=dict)
    tally: int = 0
    log: list = field(default_factory=list)
    box: int = 0
    step: int = 1
    scale: int = 1
    shape: str = "0"
    definitions: int = 0

    def __post_init__(self):
        self.same = self.words if self.same is None else self.same

    def shown(self):
        alias = "true" if self.words is self.same else "false"
        counts = ", ".join(f"{key}={self.counts[key]}" for key in sorted(self.counts))
        return (
            f"seen: {self.a} {self.a} {self.c} {spelled(self.words)} {spelled(self.same)} {alias}"
            f" {{{counts}}} {self.tally} {spelled(self.log)} {self.box} {self.scale} {self.shape} {self.step} end"
        )

    def copy(self):
        """What was one list under two names still is."""
        return copy.deepcopy(self)

    def learn(self, reply, now=""):
        """Takes over what a cell drew by lot: as its reply says or, when none came, as it is now."""
        if self.c == DRAWN:
            said = re.search(r"drawn (\d+)", reply) or re.search(r"seen: \d+ \d+ (\d+)", now)
            self.c = int(said.group(1)) if said else self.c

    def define(self):
        self.definitions += 1
        return self.definitions


def spelled(texts):
    return "[" + ", ".join(texts) + "]"


def add_to_pair(chance, model):
    model.a += 1
    return "a = a + 1; b = b + 1;"


def add_word(chance, model):
    name = chance.choice(["words", "same"])
    target = model.words if name == "words" else model.same
    if len(target) >= MOST_WORDS:
        target.clear()
        return f"{name}.clear();"
    word = f"w{chance.randrange(10**6)}"
    target.append(word)
    return f'{name}.add("{word}");'


def make_alias(chance, model):
    model.same = model.words
    return chance.choice(["same = words;", "var same = words;"])


def make_copy(chance, model):
    model.same = list(model.words)
    return "same = new ArrayList<>(words);"


def count(chance, model):
    key = chance.choice("pqrs")
    if chance.random() < 0.3:
        model.counts.pop(key, None)
        return f'counts.remove("{key}");'
    model.counts[key] = model.counts.get(key, 0) + 1
    return f'counts.merge("{key}", 1, Integer::sum);'


def change_everything(chance, model):
    model.c = model.a * 10
    model.a += 1
    if len(model.same) >= MOST_WORDS:
        model.same.clear()
    model.same.append("s")
    return f'c = a * 10L; a++; if (same.size() >= {MOST_WORDS}) same.clear(); same.add("s"); b++;'


def take_time(chance, model):
    added = chance.randrange(1, 4)
    model.c += sum(range(added))
    return f"for (int i = 0; i < {added}; i++) {{ c += i; Thread.sleep(5); }}"


def draw(chance, model):
    """Run twice, it is seen: the second time draws another number."""
    model.c = DRAWN
    return 'c = new Random().nextInt(1_000_000); "drawn " + c'


def change_statics(chance, model):
    model.tally += 1
    model.log.append("t")
    if len(model.log) > MOST_WORDS:
        model.log.clear()
    return f'Tally.n++; Tally.log.add("t"); if (Tally.log.size() > {MOST_WORDS}) Tally.log.clear();'


def redefine_statics(chance, model):
    number = model.define()
    model.tally, model.log = number, ["d"]
    return (
        f"class Tally {{ static int n = {number}; static final List<String> log = new ArrayList<>(List.of(\"d\"));"
        f" static int twice() {{ return {number} * n; }} }}"
    )


def change_box(chance, model):
    model.box += 1
    return "box.v++;"


def redefine_box(chance, model):
    number = model.define()
    return f"class Box {{ int v = 0; int more{number} = {number}; int sum() {{ return v + more{number}; }} }}"


def call_lambda(chance, model):
    model.a += model.step
    return "next.get();"


def redefine_lambda(chance, model):
    model.step = chance.randrange(1, 5)
    number = model.define()
    # What a lambda does is not seen in it: step says which one it is, to a model that does not know whether
    # this cell was committed.
    return (
        f"next = () -> {{ int k{number} = {model.step}; a = a + k{number}; b = b + k{number}; return a; }};"
        f" step = {model.step};"
    )


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
    source = add_word(chance, model)
    return f'{source} if (a >= 0) throw new IllegalStateException("on purpose");'


CELLS = [
    add_to_pair,
    add_word,
    add_word,
    make_alias,
    make_copy,
    count,
    count,
    change_everything,
    take_time,
    draw,
    change_statics,
    redefine_statics,
    change_box,
    redefine_box,
    call_lambda,
    redefine_lambda,
    redefine_method,
    call_method,
    redefine_variable,
    throw_after_change,
]


def next_cell(chance, model):
    """A cell's source and the model after it."""
    after = model.copy()
    return chance.choice(CELLS)(chance, after), after


class Mismatch(AssertionError):
    """The names do not hold what the model says."""


def state_of(notebook, story):
    """What the names hold now, spelled as Model.shown does."""
    seen = notebook.run(READ)
    if seen.status != "ok":
        raise Mismatch(f"{story}: reading fails: {seen.error} {seen.text}")
    # The line that says what was resumed stands before it.
    return seen.text[seen.text.index("seen:") : seen.text.index("end") + 3]
