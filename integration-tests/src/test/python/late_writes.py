"""What a dead executor had sent arrives after its cell was given up: it must touch nothing that came later."""

import asyncio
import os
import tempfile
import threading

import processes
from messages import Faults, Messages
from notebook import Notebook
from planted import merge_of

HOME = os.environ["HYDROCELL_HOME"]
LIMIT_S = 30


def must(condition, what):
    if not condition:
        raise AssertionError(what)


class HeldValues(Faults):
    """Once armed, a connection that brings a value to the node stands still until it is let go."""

    def __init__(self):
        super().__init__(0, 0, 0)
        self.armed = self.free = False
        self.held, self.arrived = threading.Event(), threading.Event()

    async def pass_on(self, wire, frame, receive, send):
        _, key = merge_of(wire, frame)
        if not self.armed or key is None or key.split("/")[2:3] != ["v"]:
            await send(frame)
            return
        self.held.set()
        while not self.free:
            await asyncio.sleep(0.005)
        await send(frame)
        self.arrived.set()


def kill_executors():
    for pid in processes.of_role(HOME, "executor"):
        processes.kill(pid)


def main():
    held = HeldValues()
    messages = Messages(HOME, 0, held)
    messages.start()
    try:
        with tempfile.TemporaryDirectory(prefix="hc-late-") as folder:
            notebook = Notebook(folder)
            notebook.must('var words = new ArrayList<String>(List.of("kept")); int other = 1;')
            held.armed = True
            lost = notebook.send('words.add("lost");')
            must(held.held.wait(LIMIT_S), "no value was written")
            held.armed = False
            kill_executors()
            outcome = notebook.finish(lost)
            must(outcome.status == "error", f"the cell ended {outcome.status}")
            notebook.must("other = 2;")
            held.free = True
            must(held.arrived.wait(LIMIT_S), "the dead executor's value never arrived")
            kill_executors()
            text = notebook.must('"other " + other + " words " + words')
            must("other 2 words [kept]" in text, text)
            notebook.close()
    finally:
        messages.stop()


main()
