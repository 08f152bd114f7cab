"""Several users of the operating system on one shared store: rights, attacks, and what stays.

Root runs it with users of their own. Who is not root makes itself root of a user namespace where the system has
subordinate ids for that; where it has none, both notebooks are the same user's, with a data folder each, and what
another person may not do is left to SharedStoreTest. Usage: people.py SCREENSHOT_FOLDER
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from afar import somebody_comes_from_another_machine
from asynchronous import must
from notebook import Notebook
from people_lab import two_people_in_two_labs

DIST = os.environ["HYDROCELL_TEST_DIST"]
JAVA = os.environ["HYDROCELL_TEST_JAVA"]
NAMESPACE = ["unshare", "--user", "--map-root-user", "--map-auto", "--"]

# One with a name and one without: containers often run as a user that nobody named.
SEVERAL = {"daemon": 1, "12345": 12345}

# The user of somebody who comes from another machine.
FAR = 12346


def become_several():
    """Goes on as root of a user namespace, if this is neither root nor in one already and the system lets us."""
    if os.getuid() == 0 or "HYDROCELL_TEST_NAMESPACE" in os.environ:
        return
    if subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0:
        os.environ["HYDROCELL_TEST_NAMESPACE"] = "1"
        os.execvp("unshare", [*NAMESPACE, sys.executable, *sys.argv])


def can_read(path, uid):
    return subprocess.run(["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--", "test", "-r", path]).returncode == 0


def for_everybody(folder):
    """The installed copy, or, where others may not enter its folder, a copy of it that they may."""
    if all(can_read(os.path.join(DIST, "kernel.args"), uid) for uid in SEVERAL.values()):
        return DIST
    copy = os.path.join(folder, "dist")
    shutil.copytree(DIST, copy)
    for name in os.listdir(copy):
        if name.endswith(".args"):
            with open(os.path.join(copy, name)) as f:
                text = f.read()
            with open(os.path.join(copy, name), "w") as f:
                f.write(text.replace(DIST, copy))
    return copy


class Person:
    """A user with a data folder, a folder of notebooks, and a kernelspec that starts kernels as that user."""

    def __init__(self, folder, name, uid, store, dist, lives_in=None):
        self.name, self.uid = name, uid
        self.folder = lives_in or os.path.join(folder, f"u-{name}")
        self.home = os.path.join(self.folder, "h")
        os.makedirs(self.home, exist_ok=True)
        self.kernel = f"as-{name}"
        own = uid == os.getuid()
        start = f'exec {JAVA} "@{dist}/kernel.args"'
        as_user = [] if own else ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--"]
        run = " ".join(as_user)
        file = os.path.join(self.folder, "$$.json")
        copied = f'install -m 600 {"" if own else f"-o {uid} "}"$1" "{file}" && '
        spec = {
            "argv": ["/bin/sh", "-c", copied + start.replace("exec ", f"exec {run} ") + f' "{file}"', "sh", "{connection_file}"],
            "display_name": self.kernel,
            "language": "java",
            "interrupt_mode": "message",
            "env": {"HYDROCELL_HOME": self.home, "HYDROCELL_STORE": store or "", "HOME": self.folder},
        }
        self.place = os.path.join(os.environ["JUPYTER_PATH"], "kernels", self.kernel)
        os.makedirs(self.place)
        with open(os.path.join(self.place, "kernel.json"), "w") as f:
            json.dump(spec, f)
        if not own:
            for path in (self.folder, self.home):
                os.chown(path, uid, uid)
        self.as_user, self.dist = as_user, dist

    def open(self, notebook):
        return Notebook(self.folder, notebook, self.kernel)

    def command(self, *arguments):
        """A command of this person's."""
        return subprocess.run(
            [*self.as_user, JAVA, "-cp", f"{self.dist}/lib/*", "hydrocell.install.CommandLine", *arguments],
            env={**os.environ, "HYDROCELL_HOME": self.home},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop(self):
        """Ends this person's node."""
        self.command("stop").check_returncode()


KEYS = """
import hydrocell.anna.*; import java.nio.file.*; import java.util.HexFormat;
class Keys {
  public static void main(String[] at) throws Exception {
    var secret = HexFormat.of().parseHex(Files.readString(Path.of(at[1], "store.secret")).strip());
    var endpoint = hydrocell.cell.local.SharedStore.in(Path.of(at[0])).endpoint();
    try (var store = NodeClient.connect(endpoint, "test", secret)) {
      for (var key : store.scan("shared/", null, 10_000).join().keys()) {
        var value = store.readValue(key).handle((read, failure) -> read).join();
        System.out.println(key + " " + (value == null ? "" : value.length()));
      }
    }
  }
}
"""


def shared_keys(person, store):
    """What lies with the names that somebody shares, and how many bytes; after what nothing needs was collected."""
    source = os.path.join(person.folder, "Keys.java")
    with open(source, "w") as f:
        f.write(KEYS)
    collected = [*person.as_user, JAVA, "-cp", f"{DIST}/lib/*", "hydrocell.install.CommandLine", "compact"]
    subprocess.run(collected, env={**os.environ, "HYDROCELL_HOME": person.home}, capture_output=True)
    read = [*person.as_user, JAVA, "-cp", f"{DIST}/lib/*", source, store.folder, person.home]
    return sorted(subprocess.run(read, capture_output=True, text=True, check=True).stdout.splitlines())


def copies_go_with_their_versions(alice, people, store):
    """Twenty versions, each of a class of its own, leave no value and no class behind."""
    share = "record Turn(int a{0}) {{}}\nvar turns = new ArrayList<>(List.of(new Turn({0})));"
    alice.must(share.format(0))
    alice.must("%share turns")
    alice.must("%unshare turns")
    before = shared_keys(people[0], store)
    alice.must("%share turns")
    for number in range(1, 20):
        alice.must(share.format(number))
    shared = [key for key in shared_keys(people[0], store) if "/turns/d/" in key]
    must(2 <= len(shared) <= 4, f"more than one version of it lies there: {shared}")
    alice.must("%unshare turns")
    after = shared_keys(people[0], store)
    must(after == before, f"something was left behind: {set(after) ^ set(before)}")


class Store:
    def __init__(self, folder):
        self.folder = folder
        self.process = None
        self.port = 0

    def start(self):
        self.process = subprocess.Popen(
            [JAVA, f"@{DIST}/node.args", "--shared", self.folder, "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2):
            line = self.process.stdout.readline()
            must("HYDROCELL_STORE=" in line, f"the store did not start: {line}")
        self.address = re.search(r"tls://127\.0\.0\.1:(\d+)", line).group()
        self.port = int(self.address.rsplit(":", 1)[1])

    def command(self, *arguments):
        """What an operator's command prints."""
        command = [JAVA, "-cp", f"{DIST}/lib/*", "hydrocell.install.CommandLine", *arguments, "--shared", self.folder]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout

    def token(self, person):
        return self.command("token", person, "--days", "1")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def everybody_has_sessions_of_their_own(alice, bob, people):
    alice.must('String word = "of alice";')
    bob.must('String word = "of bob";')
    must("of alice" in alice.must("word"), "alice has lost her word")
    must("of bob" in bob.must("word"), "bob has another's word")
    for person in people:
        files = os.listdir(person.home)
        must("anna" not in files and "store.secret" in files, f"{person.name} has a store of their own: {files}")


def what_is_not_permitted_is_as_what_is_not_there(alice, bob, people):
    owner, other = people[0].name, people[1].name
    alice.must('record Point(int x, int y) { int sum() { return x + y; } }\nvar table = new ArrayList<>(List.of(new Point(1, 2)));')
    alice.must("%share table")
    for name in ("table", "nothing"):
        error = bob.run(f"%use {owner}/{name}").error
        must(error == f"nobody shares {owner}/{name} with you", error)
    text = alice.must(f"%share table --read {other}")
    must(f"{other} may read it" in text and f"%use {owner}/table" in text, text)
    must("nobody shares" in bob.run(f"%use {owner}/nothing").error, "a name that is not there was found")


def data_of_others_needs_none(alice, bob, people):
    owner, other = people[0].name, people[1].name
    alice.must('record Spot(int x, String name) {}\nrecord Open(int x) { int twice() { return 2 * x; } }')
    alice.must('var spots = new TreeMap<>(Map.of("a", List.of(new Spot(1, "one"), new Spot(2, "two")))); int[] plain = {1, 2};')
    for cell in ("Supplier<Integer> code = () -> 1;", "List<Object> hidden = new ArrayList<>(List.of((Supplier<Integer>) () -> 2));", "var open = new Open(1);"):
        alice.must(cell)
    alice.must("var when = LocalDate.of(2024, 2, 29); List<Object> odd = new ArrayList<>(List.of(new Random(1)));")
    alice.must(f"%share spots plain code hidden open when odd --read {other}")
    bob.must(f"%use {owner}/spots {owner}/plain {owner}/when")
    text = bob.must('spots + " " + spots.get("a").getFirst().name() + plain[1] + when.getYear()')
    must("Spot[x=2, name=two]" in text and "one22024" in text, text)
    alice.must('spots.put("b", List.of(new Spot(7, "seven"))); plain[1] = 9;')
    text = bob.must('spots.get("b") + " " + plain[1]')
    must("x=7" in text and "9" in text and f"changed by {owner}" in text, text)
    for name in ("code", "hidden", "open"):
        must(f"%trust {owner}" in bob.run(f"%use {owner}/{name}").error, f"{name} came without trust")
    bob.must(f"%use {owner}/odd")
    error = bob.run("odd").error
    must("java.util.Random" in error and f"%trust {owner}" in error, error)
    must("share a copy" in bob.run("%unuse spots\n%share spots").error, "what came without trust was shared on")
    bob.must("%rm spots plain when odd")


def code_of_others_needs_trust(alice, bob, people):
    owner = people[0].name
    error = bob.run(f"%use {owner}/table").error
    must(f"%trust {owner}" in error, error)
    bob.must(f"%trust {owner}")
    bob.must(f"%use {owner}/table")
    must("Point[x=1, y=2]" in bob.must("table"), bob.must("table"))
    must("3" in bob.must("table.get(0).sum()"), "its method does not run")


def a_reader_reads_and_a_writer_writes(alice, bob, people):
    owner, other = people[0].name, people[1].name
    text = bob.must("table.add(new Point(9, 9));")
    must("may only read" in text, text)
    must("1" == alice.must("table.size()").strip(), "a reader wrote")
    alice.must("table.add(new Point(3, 4));")
    text = bob.must("table.get(1).sum()")
    must("7" in text and f"changed by {owner}" in text, text)
    alice.must(f"%share table --write {other}")
    bob.must(f"%use {owner}/table")
    bob.must("table.add(new Point(5, 6));")
    text = alice.must("table.size()")
    must("2" in text and f"%trust {other}" in text, text)
    alice.must(f"%trust {other}")
    text = alice.must("table.size()")
    must("3" in text and f"changed by {other}" in text, text)
    bob.must("table.add(new Point(7, 8));")
    must("4" in alice.must("table.size()"), "what a writer writes does not come")
    bob.must("record Own(int n) {}\nvar mine = new ArrayList<>(List.of(1));")
    must("rights" in bob.must("%share"), bob.must("%share"))


def counters_are_shared_with_whom_they_are_permitted(alice, bob, people):
    owner, other = people[0].name, people[1].name
    alice.must('var table2 = 1;\nShared.counter("table").add(1);')
    bob.must(f'Shared.counter("{owner}/table").add(2);')
    must("3" in alice.must('Shared.counter("table").value()'), "an update was lost")
    text = bob.must(f'Shared.counter("{owner}/secret").add(2);')
    must("is lost" in text, text)


def a_notebook_is_forked_by_those_who_may(alice, bob, people):
    owner, other = people[0].name, people[1].name
    alice.must("record Leaf(int n) {}\nvar leaves = new ArrayList<>(List.of(new Leaf(3)));")
    alice.must("%share notebook --fork")
    fork = people[1].open("fork.ipynb")
    try:
        must("nobody shares" in fork.run(f"%open {owner}/{owner}.ipynb").error, "opened without a right")
        text = alice.must(f"%share notebook --fork --read {other}")
        must(other in text, text)
        fork.must(f"%open {owner}/{owner}.ipynb")
        must("n=3" in fork.must("leaves.add(new Leaf(4)); leaves"), fork.must("leaves"))
        alice.must(f"%unshare {owner}.ipynb")
        must("n=4" in fork.must("leaves") and "n=4" not in alice.must("leaves"), "the fork is no copy")
    finally:
        fork.abandon()


def a_whole_notebook_is_read_and_written_together(alice, bob, people):
    owner, other = people[0].name, people[1].name
    guest = people[1].open("together.ipynb")
    try:
        guest.must('int apart = 1;')
        must("nobody shares" in guest.run(f"%open {owner}/live.ipynb").error, "opened without a right")
        text = alice.must(f"%share notebook live --read {other}")
        must(f"{other} may read it" in text and f"%open {owner}/live.ipynb" in text, text)
        text = guest.must(f"%open {owner}/live.ipynb")
        must("which you may read" in text and "resumed" in text, text)
        alice.must("int shown = 1;")
        text = guest.must("shown + table.get(0).sum()")
        must("4" in text and f"{owner} ran cell [" in text and ": shown" in text, text)
        must("not kept" in guest.must("int mine = shown; shown = 7; table.clear();"), "it seems that a reader may write")
        must("cannot find symbol" in guest.run("mine").error, "what a reader made was kept")
        must(guest.must('"<" + shown + ">"').strip().endswith("<1>") and "0" != guest.must("table.size()").strip(), "a reader has changed something")
        must("not change it" in guest.run("%rm shown").error, guest.run("%rm shown").error)
        error = alice.run(f"%share notebook live --write {other} @nobody").error
        must("%trust @nobody" in error and other not in error.split("%trust")[1], error)
        alice.must(f"%share notebook live --write {other}")
        both_run_cells_in_it(alice, guest, owner, other)
        alice.must("%share notebook --fork copy")
        must("3" in guest.must("shown"), "a copy under another name ends what is shared")
        alice.must("%unshare copy.ipynb")
        it_begins_anew_only_where_it_comes_from(alice, guest, owner)
        alice.must("%unshare live.ipynb")
        error = guest.run("shown").error
        must("no more" in error, error)
        must("<1>" in guest.must('"<" + apart + ">"'), "its own names are gone")
        must("nobody shares" in guest.run(f"%open {owner}/live.ipynb").error, "opened without a right")
    finally:
        guest.abandon()


def both_run_cells_in_it(alice, guest, owner, other):
    guest.must("record Leaf2(int n) {}\nvar crown = new ArrayList<>(List.of(new Leaf2(shown)));\nint grow(int n) { return n + 1; }")
    text = alice.must("crown.add(new Leaf2(grow(1))); crown")
    must("[Leaf2[n=1], Leaf2[n=2]]" in text and f"{other} ran cell [" in text and "crown" in text, text)
    must("[Leaf2[n=1], Leaf2[n=2]]" in guest.must("crown"), guest.must("crown"))
    must("foreground" in guest.run("%%async\nint later = 1;").error, "an asynchronous cell of a guest's was taken")
    must("who shares what is in it" in guest.run("%share crown").error, "a guest shared another's name")
    gate = os.path.join(tempfile.mkdtemp(prefix="hcg", dir="/tmp"), "gate")
    os.chmod(os.path.dirname(gate), 0o755)
    request = alice.send(f'shown = 2; System.out.println("in it"); while (!Files.exists(Path.of("{gate}"))) Thread.sleep(5);')
    must(alice.await_text(request, "in it"), "the cell did not begin")
    must("<1>" in guest.must('"<" + shown + ">"') and " ran cell" not in guest.must("shown = 3;"), "a cell was seen before it had ended")
    open(gate, "w").close()
    must(alice.finish(request).status == "ok", "the slow cell failed")
    shutil.rmtree(os.path.dirname(gate))
    text = alice.must("shown") + guest.must("shown")
    must("at once" in text and "%resolve shown" in text, text)
    guest.must("%resolve shown mine")
    must("3" in alice.must("shown") and "3" in guest.must("shown"), "the choice does not hold for both")


def it_begins_anew_only_where_it_comes_from(alice, guest, owner):
    must("begin anew" in guest.run("%reset").error, "a guest has reset it")
    alice.must("%reset")
    alice.must("int shown = 9;")
    text = guest.must("shown")
    must("9" in text and "begun this notebook anew" in text, text)
    guest.must("%leave")
    must("<1>" in guest.must('"<" + apart + ">"'), "its own names are gone")
    guest.must(f"%open {owner}/live.ipynb")
    must("9" in guest.must("shown"), "it cannot be opened again")


def it_stays_without_its_owners_kernel_and_node(alice, bob, people):
    alice.abandon()
    people[0].stop()
    must("4" in bob.must("table.size()"), "it went with its owner's kernel")
    return people[0].open(f"{people[0].name}.ipynb")


def what_is_taken_back_is_gone_with_the_next_cell(alice, bob, people):
    owner, other = people[0].name, people[1].name
    many = " ".join(f"person{number:04}of{'x' * 30}" for number in range(200))
    error = alice.run(f"%share table --write {many}").error
    must("%unshare table" in error, error)
    alice.must("%unshare table")
    text = bob.must("table.size()")
    must("shared no more" in text and "4" in text, text)
    bob.must("table.clear();")
    must("4" in alice.must("table.size()"), "it is written still")
    bob.must("%rm table")
    must("nobody shares" in bob.run(f"%use {owner}/table").error, "it can be used again")


def kernels_go_on_when_the_store_is_there_again(alice, bob, store):
    store.stop()
    store.start()
    must("of alice" in alice.must("word"), "alice has lost her word")
    must("of bob" in bob.must("word"), "bob has lost his word")


def raw_clients(people, store):
    """Every user tries what the others have: through the socket, and through the folders."""
    for person in people:
        for other in people:
            if other is not person:
                tried = subprocess.run(
                    [*person.as_user, "sh", "-c", f'cat "{other.home}/store.secret" "{store.folder}"/people/* "{store.folder}"/anna/*'],
                    capture_output=True,
                )
                must(tried.returncode != 0 and not tried.stdout, "another's secret can be read")


def main():
    become_several()
    several = os.getuid() == 0 and all(can_read(JAVA, uid) for uid in SEVERAL.values())
    with tempfile.TemporaryDirectory(prefix="hc", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        os.environ["JUPYTER_PATH"] = os.path.join(folder, "jupyter")
        store = Store(os.path.join(folder, "s"))
        dist = for_everybody(folder) if several else DIST
        users = SEVERAL if several else {"one": os.getuid(), "two": os.getuid()}
        people = [Person(folder, name, uid, store.folder, dist) for name, uid in users.items()]
        notebooks = []
        store.start()
        try:
            if not several:
                for person in people:
                    with open(os.path.join(person.home, "store.secret"), "w") as f:
                        f.write("5" * 64)
            # One of them has executors in sandboxes, where the machine can.
            with open(os.path.join(people[1].home, "settings.properties"), "w") as f:
                f.write("isolation = auto\n")
            for person in people:
                notebooks.append(person.open(f"{person.name}.ipynb"))
            alice, bob = notebooks
            everybody_has_sessions_of_their_own(alice, bob, people)
            kernels_go_on_when_the_store_is_there_again(alice, bob, store)
            if several:
                what_is_not_permitted_is_as_what_is_not_there(alice, bob, people)
                data_of_others_needs_none(alice, bob, people)
                code_of_others_needs_trust(alice, bob, people)
                a_reader_reads_and_a_writer_writes(alice, bob, people)
                counters_are_shared_with_whom_they_are_permitted(alice, bob, people)
                a_notebook_is_forked_by_those_who_may(alice, bob, people)
                raw_clients(people, store)
                alice = it_stays_without_its_owners_kernel_and_node(alice, bob, people)
                notebooks[0] = alice
                what_is_taken_back_is_gone_with_the_next_cell(alice, bob, people)
                a_whole_notebook_is_read_and_written_together(alice, bob, people)
                copies_go_with_their_versions(alice, people, store)
                two_people_in_two_labs(people, JAVA, sys.argv[1])
            somebody_comes_from_another_machine(
                lambda name, place, home=None: Person(folder, name, FAR if several else os.getuid(), place, dist, home),
                store,
                alice if several else None,
                people[0].name,
            )
        finally:
            for notebook in notebooks:
                notebook.abandon()
            for person in people:
                person.stop()
            store.stop()


main()
