"""Asynchronous cells, as a client sees them."""

import queue
import tempfile
import time

from notebook import Notebook, Outcome

LIMIT_S = 60


def must(condition, what):
    if not condition:
        raise AssertionError(what)


class Page(Notebook):
    """A notebook whose outputs are kept by cell, also those that come after the reply."""

    def __init__(self, folder, name="notebook.ipynb"):
        self.texts, self.idle, self.replies, self.errors = {}, set(), {}, {}
        super().__init__(folder, name)

    def pump(self):
        """Takes in what came; returns after a short while without news."""
        for receive, is_reply in (
            (self.client.get_iopub_msg, False),
            (self.client.get_shell_msg, True),
        ):
            while True:
                try:
                    message = receive(timeout=0.02)
                except queue.Empty:
                    break
                self.take(message, is_reply)

    def take(self, message, is_reply):
        request = message["parent_header"].get("msg_id")
        content, kind = message["content"], message["msg_type"]
        if is_reply:
            self.replies[request] = content
        elif kind == "status" and content["execution_state"] == "idle":
            self.idle.add(request)
        elif kind == "error":
            self.errors[request] = content["evalue"]
        else:
            shown = content.get("text", "") + content.get("data", {}).get("text/plain", "")
            self.texts[request] = self.texts.get(request, "") + shown

    def await_text(self, request, text, limit_s=LIMIT_S):
        deadline = time.monotonic() + limit_s
        while text not in self.texts.get(request, "") and time.monotonic() < deadline:
            self.pump()
        return text in self.texts.get(request, "")

    def finish(self, request, limit_s=LIMIT_S):
        deadline = time.monotonic() + limit_s
        while not (request in self.idle and request in self.replies):
            must(time.monotonic() < deadline, f"no reply; it showed {self.texts.get(request)}")
            self.pump()
        outcome = Outcome()
        outcome.reply = self.replies[request]
        outcome.status = outcome.reply["status"]
        outcome.text = self.texts.get(request, "")
        outcome.error = outcome.reply.get("evalue")
        return outcome


def gate(folder, name):
    """Java that waits until a file is there."""
    return f'while (!java.nio.file.Files.exists(java.nio.file.Path.of("{folder}/{name}"))) Thread.sleep(5);'


def open_gate(folder, name):
    with open(f"{folder}/{name}", "w"):
        pass


def returns_at_once(notebook, folder):
    notebook.must("int base = 20;")
    sent = notebook.send(
        "%%async\n" + gate(folder, "first") + '\nint slow = base + 1; System.out.println("late");\nslow'
    )
    outcome = notebook.finish(sent)
    must(outcome.status == "ok", outcome.error)
    must("queued" in outcome.text or "running" in outcome.text, outcome.text)
    # What does not need it runs now.
    must("40" in notebook.must("base = 40; base"), "another cell waits")
    reader = notebook.send("slow * 2")
    must(notebook.await_text(reader, "waits for `slow`"), "nobody says what is waited for")
    open_gate(folder, "first")
    must(notebook.await_text(sent, "late"), "the late output is missing")
    must(notebook.await_text(sent, "21"), "the result is missing")
    must(notebook.await_text(sent, "done after"), "the line does not say that it is done")
    read = notebook.finish(reader)
    must("42" in read.text, read.text)
    must("40" in notebook.must("base"), "the cell wrote what it only read")


def failures_heal(notebook, folder):
    sent = notebook.send('%%async\nint model = Integer.parseInt("no number");')
    must(notebook.finish(sent).status == "ok", "not submitted")
    must(notebook.await_text(sent, "failed after"), "nobody says that it failed")
    read = notebook.run("model + 1")
    must(read.status == "error" and "`model` failed in cell" in read.error, read.error)
    must("NumberFormatException" in read.error, read.error)
    notebook.must("%%async\nint model = 7;")
    must("8" in notebook.must("model + 1"), "not healed")


def the_same_cell_heals_its_own_names(notebook, folder):
    notebook.must("int counted = 10; var path = new ArrayList<>(List.of(1));")
    cell = (
        f'if (!java.nio.file.Files.exists(java.nio.file.Path.of("{folder}/heal")))'
        ' throw new IllegalStateException("not yet");\ncounted = counted + 1; path.add(counted);'
    )
    sent = notebook.send("%%async\n" + cell)
    notebook.finish(sent)
    must(notebook.await_text(sent, "failed after"), "nobody says that it failed")
    must(notebook.run("counted").status == "error", "a failed name is read")
    must(notebook.run("counted = counted * 2").status == "error", "another cell reads what failed")
    sent = notebook.send("%%async\n" + cell)
    notebook.finish(sent)
    must(notebook.await_text(sent, "failed after"), "it did not run again")
    open_gate(folder, "heal")
    notebook.must(cell)
    must("11 [1, 11]" in notebook.must('counted + " " + path'), "it ran on something else than before")
    notebook.must("%%async\n" + cell)
    must("12 [1, 11, 12]" in notebook.must('counted + " " + path'), "the healed names cannot be written")


def cancels(notebook, folder):
    sent = notebook.send("%%async\nint never = 0; while (true) never++;")
    number = notebook.finish(sent).reply["execution_count"]
    must(notebook.await_text(sent, "running"), "it does not run")
    must("running" in notebook.must("%jobs"), "%jobs does not show it")
    notebook.must(f"%cancel {number}")
    must(notebook.await_text(sent, "cancelled after"), "nobody says that it was cancelled")
    read = notebook.run("never")
    must(read.status == "error" and "cancelled" in read.error, read.error)


def waits_by_command(notebook, folder):
    sent = notebook.send("%%async\n" + gate(folder, "second") + "\nvar waited = List.of(1, 2);")
    notebook.finish(sent)
    chained = notebook.send("%%async\nint chain = waited.size() * 10;")
    notebook.finish(chained)
    waiting = notebook.send("%wait chain")
    must(notebook.await_text(waiting, "waits for `chain`"), "it does not wait")
    open_gate(folder, "second")
    must(notebook.finish(waiting).status == "ok", "the wait failed")
    must("20" in notebook.must("chain"), "the chain is wrong")
    notebook.must("%wait")


def later_writes_stand(notebook, folder):
    sent = notebook.send("%%async\n" + gate(folder, "third") + "\nint raced = 1;")
    notebook.finish(sent)
    notebook.must("int raced = 2;")
    open_gate(folder, "third")
    must(notebook.await_text(sent, "done after"), "it is not done")
    must("2" in notebook.must("raced"), "the earlier cell won")


def restart_cancels(notebook, folder):
    sent = notebook.send("%%async\nint lost = 1; while (true) lost++;")
    notebook.finish(sent)
    must(notebook.await_text(sent, "running"), "it does not run")
    notebook.manager.restart_kernel()
    notebook.client.wait_for_ready(timeout=LIMIT_S)
    must("no asynchronous cell" in notebook.must("%jobs"), "a cell of the earlier epoch is there")
    must(notebook.run("lost").status == "error", "a name of the earlier epoch is there")
    notebook.must("%restore")
    read = notebook.run("lost")
    must(read.status == "error" and "cancelled" in read.error, read.error)


def main():
    with tempfile.TemporaryDirectory(prefix="hc-as-") as folder:
        notebook = Page(folder)
        try:
            for case in (
                returns_at_once,
                failures_heal,
                the_same_cell_heals_its_own_names,
                cancels,
                waits_by_command,
                later_writes_stand,
                restart_cancels,
            ):
                case(notebook, folder)
                print(case.__name__, "ok", flush=True)
        finally:
            notebook.close()


if __name__ == "__main__":
    main()
