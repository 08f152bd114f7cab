"""Notebooks that use each other's variables: %share, %use, conflicts, %resolve, %unshare, and deaths in between."""

import os
import tempfile

from asynchronous import must
from notebook import Notebook
from points import Points
from sharing_history import every_cell_reads_one_cut_that_never_goes_back


def a_name_is_used_in_another_notebook(one, two):
    one.must("record Person(String name, int age) {}\nList<Person> people = new ArrayList<>(List.of(new Person(\"a\", 1)));")
    text = one.must("%share people")
    must("%use" in text and "/people" in text, text)
    must("nobody shares" in two.run("%use nothing").error, "a name that is not shared was used")
    two.must("%use people")
    must("[Person[name=a, age=1]]" in two.must("people"), two.must("people"))
    two.must("int before = people.size();")
    two.must('people.add(new Person("b", 2));')
    text = one.must("people.size()")
    must("2" in text and "`people` was changed by" in text and "two.ipynb" in text, text)
    must("changed by" not in one.must("people.get(1).name()"), "told twice")
    must("shared: " in one.must("%vars"), one.must("%vars"))
    must("shared." not in one.must("%vars"), "its own settings are shown")


def its_readers_are_stale(one, two):
    one.must("int count = people.size();")
    must("no cell is stale" in one.must("%stale"), one.must("%stale"))
    two.must('people.add(new Person("c", 3));')
    one.must("int unrelated = 1;")
    stale = one.must("%stale")
    must("int count" in stale and "others have changed `people`" in stale, stale)
    one.must("%stale run")
    must("3" in one.must("count"), "the reader did not run again")


def what_is_written_at_once_stands_side_by_side(one, two, folder):
    gate = os.path.join(folder, "gate")
    request = one.send(
        'people.add(new Person("mine", 4)); System.out.println("in it");'
        f' while (!Files.exists(Path.of("{gate}"))) Thread.sleep(5);'
    )
    must(one.await_text(request, "in it"), "the cell did not begin")
    two.must('people = new ArrayList<>(List.of(new Person("theirs", 5)));')
    open(gate, "w").close()
    must(one.finish(request).status == "ok", "the slow cell failed")
    text = one.must("people.getLast().name()")
    must("mine" in text and "written at the same time" in text and "two.ipynb" in text, text)
    must("written at the same time" not in one.must("1"), "told twice")
    text = two.must("people.getLast().name()")
    must("theirs" in text and "written at the same time" in text, text)
    one.must("%resolve people theirs")
    must("theirs" in one.must("people.getLast().name()"), "the choice does not hold")
    must("theirs" in two.must("people.getLast().name()"), "the choice is not shared")
    must("one version only" in two.run("%resolve people mine").error, "there is still a choice")


def a_name_is_used_under_another_name(one, two):
    one.must('record City(String name, int people) {}\nvar places = new ArrayList<>(List.of(new City("Ulm", 1)));')
    one.must("%share places")
    two.must("int towns = 1;")
    must("of its own" in two.run("%use places as towns").error, "a name was replaced")
    text = two.must("%rm towns").strip() and two.must("%use places as towns")
    must("`towns` is" in text and "/places" in text, text)
    must("already" in two.run("%use places").error, "one shared name under two names")
    must("shared: " in two.must("%vars") and "/places" in two.must("%share"), two.must("%share"))
    must("City[name=Ulm, people=1]" in two.must("towns"), two.must("towns"))
    must("no variable" not in two.must("towns.getFirst().people()"), "its type is not here")
    must("not shared" not in two.must("towns.size()"), "reading is a write")
    must("changed by" not in one.must("places.size()"), "reading it under another name changed it")
    two.must("int all = towns.size();")
    two.must('towns.add(new City("Bonn", 2));')
    text = one.must("places.size()")
    must("2" in text and "`places` was changed by" in text, text)
    one.must('places.add(new City("Kiel", 3));')
    text = two.must("towns.getLast().name()")
    must("Kiel" in text and "`towns` (" in text and "/places) was changed by" in text, text)
    stale = two.must("%stale")
    must("int all" in stale and "`towns`" in stale, stale)
    two.must("int count() { return towns.size(); }")
    one.must("Map<String, Integer> places = Map.of(\"Ulm\", 7);")
    must("7" in two.must('towns.get("Ulm")'), "its new type did not come")
    must("1" in two.must("count()"), "what depends on it was not compiled again")
    two.must("%unuse towns")
    two.must("%use places as spots")
    two.must('towns = Map.of();')
    must("{Ulm=7}" in two.must("spots"), "a copy of one's own is shared still")
    must("{Ulm=7}" in one.must("places"), "a copy of one's own is shared still")
    two.must("%unuse spots")
    two.must("%share spots")
    one.must("%use spots")
    must("{Ulm=7}" in one.must("spots"), "what was shared under another name cannot be shared again")
    one.must("%unshare spots")
    two.must("%rm spots")
    two.must("%use places as spots")
    one.must("%unshare places")
    text = two.must("spots.size()")
    must("shared no more" in text and "`spots`" in text, text)


def at_the_same_time(one, two, folder, first, second):
    """Two notebooks write a shared name, neither having seen what the other wrote."""
    gate = tempfile.mktemp(dir=folder)
    request = one.send(
        f'{first}; System.out.println("in it"); while (!Files.exists(Path.of("{gate}"))) Thread.sleep(5);'
    )
    must(one.await_text(request, "in it"), "the cell did not begin")
    two.must(second)
    open(gate, "w").close()
    must(one.finish(request).status == "ok", "the slow cell failed")


def a_function_makes_one_of_several_versions(one, two, folder):
    one.must("record Line(String text) {}\nvar doc = new ArrayList<>(List.of(new Line(\"a\"))); int best = 1;")
    one.must("%share doc best")
    two.must("%use doc as page, best")
    one.must("List<Line> both(List<Line> l, List<Line> r) { var all = new ArrayList<>(l); all.addAll(r); return all; }")
    at_the_same_time(one, two, folder, 'doc.add(new Line("one"))', 'page.add(new Line("two"));')
    must("with FUNCTION" in one.must("1"), "nothing was told")
    must("incompatible" in one.run("%resolve doc with both").error, "a list is no array list")
    must("no boundary" in one.run('%resolve doc with (l, r) -> { if (true) throw new RuntimeException("no boundary"); return l; }').error, "its error is not told")
    must(not [line for line in one.must("%vars").splitlines() if "$version" in line], one.must("%vars"))
    must("one" in one.must("doc"), "a failure changed something")
    text = one.must("%resolve doc with (l, r) -> { l.addAll(r); return l; }")
    must("made of 2 versions" in text, text)
    merged = one.must("doc")
    must("one" in merged and "two" in merged and merged.count("text=a") == 2, merged)
    must(merged.strip() in two.must("page"), two.must("page"))
    must("one version only" in two.run("%resolve page mine").error, "there is still a choice")
    at_the_same_time(one, two, folder, "best = 7", "best = 5;")
    one.must("int larger(int l, int r) { return Math.max(l, r); }")
    one.must("%resolve best with larger")
    must("7" in two.must("best"), "the larger one is not shared")
    must("one version only" in one.run("%resolve best with larger").error, "there is still a choice")
    what_comes_during_a_settlement_is_not_lost(one, two, folder)
    one.must("%undo")
    must("is one" not in two.must("best"), "going back fails")
    one.must("%unshare doc best")


def what_comes_during_a_settlement_is_not_lost(one, two, folder):
    at_the_same_time(one, two, folder, "best = 8", "best = 6;")
    gate = os.path.join(folder, "third")
    request = one.send(
        f'System.out.println("in it"); while (!Files.exists(Path.of("{gate}"))) Thread.sleep(5);\n%resolve best with larger'
    )
    must(one.await_text(request, "in it"), "the cell did not begin")
    two.must("best = 9;")
    open(gate, "w").close()
    must(one.finish(request).status == "ok", "the versions are not settled")
    must("9" in one.must("best") and "9" in two.must("best"), "a version was superseded unseen")


def what_is_saved_behind_a_cell_is_shared_then(one, two):
    one.must("int slow = 0;")
    one.must("%share slow")
    two.must("%use slow")
    two.must("%follow slow")
    reader = two.send('System.out.println("slow is " + slow);')
    must(two.finish(reader).status == "ok", "the reader failed")
    one.must("%%async\nThread.sleep(200);\nslow = 5;")
    must(two.await_text(reader, "slow is 5"), "what an asynchronous cell wrote is not shared when it has ended")
    one.must("%unshare slow")


def a_kernel_that_dies_while_it_settles_leaves_nothing(folder, two):
    dying, gate = Notebook(folder, "dying.ipynb"), os.path.join(folder, "settled")
    try:
        dying.must("var t = new ArrayList<>(List.of(1));")
        dying.must("%share t")
        two.must("%use t")
        at_the_same_time(dying, two, folder, "t.add(2)", "t.add(3);")
        request = dying.send(
            f'%resolve t with (l, r) -> {{ System.out.println("in it"); while (!Files.exists(Path.of("{gate}"))) '
            "try { Thread.sleep(5); } catch (InterruptedException e) { throw new RuntimeException(e); } l.addAll(r); return l; }"
        )
        must(dying.await_text(request, "in it"), "the function did not begin")
        dying.abandon()
        dying = Notebook(folder, "dying.ipynb")
        must("t$version" not in dying.must("%vars"), "versions are left behind")
        open(gate, "w").close()
        must("ok" in dying.must('while (t.size() < 4) Thread.sleep(5);\n"ok"') if False else "[" in dying.must("t"), "t is gone")
        must("t$version" not in dying.must("%vars"), "versions are left behind by a cell that ended later")
        dying.must("%unshare t")
    finally:
        dying.close()


def the_readers_of_a_followed_name_run_again(one, two):
    one.must("int price = 1;")
    one.must("%share price")
    two.must("%use price as cost")
    must("not shared" in two.run("%follow nothing").error, "what is not used is followed")
    two.must("%follow cost")
    must("yes" in two.must("%share"), two.must("%share"))
    reader = two.send('System.out.println("cost is " + cost); cost * 2')
    must(two.finish(reader).status == "ok", "the reader failed")
    two.must("int twice = cost * 2;")
    after = two.send('System.out.println("twice is " + twice);')
    must(two.finish(after).status == "ok", "its reader failed")
    two.must('int unrelated = 1;')
    one.must("price = 21;")
    for request, text in ((reader, "`cost` ("), (reader, "cost is 21"), (reader, "42"), (after, "twice is 42")):
        must(two.await_text(request, text), f"{text} is not shown where it belongs")
    text = two.must("unrelated")
    must("changed by" not in text, "told twice: " + text)
    must("cost" not in two.must("%stale"), two.must("%stale"))
    two.must("%unfollow cost")
    one.must("int signal = 1;")
    one.must("%share signal")
    two.must("%use signal")
    two.must("%follow signal")
    heard = two.send('System.out.println("signal is " + signal);')
    must(two.finish(heard).status == "ok", "the reader failed")
    one.must("price = 22;")
    one.must("signal = 2;")
    # What runs by itself has run for both changes then.
    must(two.await_text(heard, "signal is 2"), "what is followed still does not run")
    must("int twice" in two.must("%stale"), "something ran by itself")
    two.must("%unuse cost signal")


def cells_that_follow_each_other_come_to_an_end(one, two):
    one.must("int ping = 0;")
    one.must("%share ping")
    two.must("int pong = 0;")
    two.must("%share pong")
    one.must("%use pong")
    one.must("%follow pong")
    two.must("%use ping")
    two.must("%follow ping")
    back = two.send("pong = ping + 1;")
    must(two.finish(back).status == "ok", "the reader failed")
    one.must("ping = pong + 1;")
    must(two.await_text(back, "they seem to follow each other", 90), "they go on and on")
    text = two.must('"<" + ping + " " + pong + ">"')
    must("<10 9>" in text, text)
    one.must("%unshare ping")
    two.must("%unshare pong")


def a_notebook_is_forked(folder):
    """What is forked stands on its own, whatever becomes of the notebook that it came from."""
    owner, fork = Notebook(folder, "team plan.ipynb"), Notebook(folder, "fork.ipynb")
    try:
        owner.must("record Task(String name) {}\nvar tasks = new ArrayList<>(List.of(new Task(\"a\")));")
        owner.must("var same = tasks; int[] big = new int[2_000_000]; big[7] = 7; int twice(int n) { return 2 * n; }")
        text = owner.must("%share notebook --fork")
        must("/team-plan.ipynb" in text, text)
        owner.must('tasks.add(new Task("later")); big[7] = 8;')
        fork.must("int own = 1;")
        must("names of its own" in fork.run("%open team-plan.ipynb").error, "a fork into what is there")
        fork.must("%reset")
        must("nobody shares" in fork.run("%open other.ipynb").error, "opened what is not there")
        must("is a notebook" in fork.run("%use team-plan.ipynb").error, "a notebook is no variable")
        text = fork.must("%open team-plan.ipynb")
        must("goes on with" in text and "5 names" in text, text)
        must("[Task[name=a]] 14" in fork.must('tasks + " " + twice(big[7])'), "it is not as it was shared")
        fork.must('same.add(new Task("fork"));')
        must("name=fork" in fork.must("tasks"), "two names of one object went apart")
        must("name=fork" not in owner.must("tasks"), "the fork is no copy")
        owner.must("%unshare team-plan.ipynb")
        owner.must("%reset")
        must("7" in fork.must("big[7]"), "it does not stand on its own")
    finally:
        owner.close()
        fork.close()


def two_notebooks_of_one_person_are_one(one, folder):
    guest = Notebook(folder, "guest.ipynb")
    try:
        must("yours alone" in one.run("%share notebook --write somebody").error, "rights where nobody else is")
        one.must("int common = 1;")
        one.must("%share notebook whole")
        guest.must("int apart = 7;")
        guest.must("%open whole.ipynb")
        guest.must("common = 2; int added = 3;")
        text = one.must("common + added")
        must("5" in text and " ran cell [" in text and "added" in text, text)
        one.must("common = 9;")
        guest.abandon()
        guest = Notebook(folder, "guest.ipynb")
        must("<9>" in guest.must('"<" + common + ">"'), "a kernel that is started again has left")
        must("begin anew" in guest.run("%reset").error, "it was reset from elsewhere")
        guest.must("%leave")
        must("<7>" in guest.must('"<" + apart + ">"'), "its own names are gone")
        one.must("%unshare whole.ipynb")
        must("nobody shares" in guest.run("%open whole.ipynb").error, "it is shared still")
    finally:
        guest.close()


def what_cannot_be_shared_says_so(one, two):
    one.must("var left = new ArrayList<Integer>(); var right = left;")
    must("`right`" in one.run("%share left").error, "objects of two names were shared as one")
    two.must("record Other(int n) {}\nint clash = 1;")
    one.must("record Other(String s) {}\nvar other = new Other(\"x\"); int clash = 2;")
    one.must("%share other clash")
    must("has another one" in two.run("%use other").error, "two types of one name met")
    must("of its own" in two.run("%use clash").error, "a name was replaced")


def what_is_unshared_stays_with_those_who_used_it(one, two):
    one.must("%unshare people")
    text = two.must("people.size()")
    must("shared no more" in text and "1" in text, text)
    two.must('people.add(new Person("own", 6));')
    must("1" == one.must("people.size()").strip(), "it is shared still")
    must("not shared" in one.run("%unshare people").error, "it was unshared twice")


def going_back_is_a_write_of_its_own(one, two):
    one.must("int back = 1;")
    one.must("%share back")
    two.must("%use back")
    two.must("back = 2;")
    must("2" in one.must("back"), one.must("back"))
    two.must("%undo")
    two.must("back")
    must("1" in one.must("back"), one.must("back"))
    must("1" in two.must("back"), two.must("back"))


def sharing_outlives_a_reset(one, two):
    """A new epoch begins with nothing of the notebook's, and its stamps go on."""
    for number in range(3):
        one.must(f"int again = {number};")
    one.must("%share again")
    two.must("%use again")
    must("2" in two.must("again"), two.must("again"))
    one.must("%reset")
    one.must("int again = 7;")
    one.must("%share again")
    text = two.must("again")
    must("7" in text and "shared no more" not in text, text)
    two.must("%reset")
    two.must("%use again")
    two.must("again = 8;")
    must("8" in one.must("again"), one.must("again"))
    must("8" in two.must("again"), two.must("again"))


def main():
    home = os.environ["HYDROCELL_HOME"]
    with tempfile.TemporaryDirectory(prefix="hc-sh-") as folder:
        marks = os.path.join(folder, "points")
        os.mkdir(marks)
        os.environ["HYDROCELL_FAULT_POINTS"] = marks
        one, two = Notebook(folder, "one.ipynb"), Notebook(folder, "two.ipynb")
        try:
            for case, more in (
                (a_name_is_used_in_another_notebook, ()),
                (its_readers_are_stale, ()),
                (what_is_written_at_once_stands_side_by_side, (folder,)),
                (a_name_is_used_under_another_name, ()),
                (a_function_makes_one_of_several_versions, (folder,)),
                (what_is_saved_behind_a_cell_is_shared_then, ()),
                (the_readers_of_a_followed_name_run_again, ()),
                (cells_that_follow_each_other_come_to_an_end, ()),
                (what_cannot_be_shared_says_so, ()),
                (what_is_unshared_stays_with_those_who_used_it, ()),
                (going_back_is_a_write_of_its_own, ()),
                (sharing_outlives_a_reset, ()),
            ):
                case(one, two, *more)
                print(case.__name__, "ok", flush=True)
            a_kernel_that_dies_while_it_settles_leaves_nothing(folder, two)
            two_notebooks_of_one_person_are_one(one, folder)
        finally:
            one.close()
            two.close()
        a_notebook_is_forked(folder)
        print("a_notebook_is_forked ok", flush=True)
        every_cell_reads_one_cut_that_never_goes_back(folder, home, Points(marks))
        print("every_cell_reads_one_cut_that_never_goes_back ok", flush=True)


if __name__ == "__main__":
    main()
