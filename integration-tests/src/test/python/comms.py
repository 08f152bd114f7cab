"""Comms: targets of cells, messages while cells run, after the executor and the kernel went away."""

import queue
import tempfile
import time

from notebook import Notebook

LIMIT_S = 60


def must(condition, what):
    if not condition:
        raise AssertionError(what)


class Page:
    """What a front end does with comms."""

    def __init__(self, notebook):
        self.client = notebook.client

    def send(self, kind, content, buffers=None, metadata=None, subshell=None):
        message = self.client.session.msg(kind, content, metadata=metadata or {})
        if subshell:
            message["header"]["subshell_id"] = subshell
        self.client.session.send(self.client.shell_channel.socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def say(self, comm, data, **how):
        return self.send("comm_msg", {"comm_id": comm, "data": data}, **how)

    def heard(self, request):
        """What is published about a request, up to idle."""
        messages, deadline = [], time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return messages
            else:
                messages.append(message)
        raise AssertionError(f"no idle for {request}: {messages}")

    def comms(self, target=None):
        request = self.send("comm_info_request", {"target_name": target} if target else {})
        while True:
            reply = self.client.get_shell_msg(timeout=LIMIT_S)
            if reply["parent_header"].get("msg_id") == request:
                self.heard(request)
                return reply["content"]["comms"]


def data(messages):
    return [m["content"]["data"] for m in messages if m["msg_type"] == "comm_msg"]


CELL = """
int total = 0;
Comm.target("adder", (comm, opened) -> {
    comm.send(opened.data());
    comm.onMessage(event -> {
        Object n = event.fields().get("n");
        if (n instanceof Long add) total += add;
        if (!event.buffers().isEmpty()) comm.send(event.buffers().get(0).length, event.buffers().get(0));
        else comm.send(Map.of("total", total));
    });
});
"""


def talks(notebook):
    page = Page(notebook)
    notebook.must(CELL)
    opened = page.send("comm_open", {"comm_id": "c1", "target_name": "adder", "data": {"x": [1]}})
    must(data(page.heard(opened)) == [{"x": [1]}], "a target of a cell")
    must(data(page.heard(page.say("c1", {"n": 40}))) == [{"total": 40}], "a message")
    must(page.comms() == {"c1": {"target_name": "adder"}}, page.comms())
    must(page.comms("other") == {}, "another target")
    answer = page.heard(page.say("c1", {}, buffers=[b"\x00\xff" * 1000]))[0]
    must(answer["content"]["data"] == 2000, answer)
    must(bytes(answer["buffers"][0]) == b"\x00\xff" * 1000, "buffers come back")
    return page


def refuses(page):
    unknown = page.send("comm_open", {"comm_id": "c9", "target_name": "nobody", "data": {}})
    closed = page.heard(unknown)
    must([m["msg_type"] for m in closed] == ["comm_close"], closed)
    must(closed[0]["content"]["comm_id"] == "c9", closed)
    must(page.heard(page.say("c9", {})) == [], "a comm that nobody knows")
    must(page.heard(page.send("comm_close", {"comm_id": "c9", "data": {}})) == [], "nor its end")


def executor_is_given_back(notebook, page):
    before = notebook.must("ProcessHandle.current().pid()")
    notebook.must("%env ANOTHER=executor")
    said = page.heard(page.say("c1", {"n": 1}))
    must(data(said) == [{"total": 41}], f"in a fresh executor: {said}")
    must(notebook.must("ProcessHandle.current().pid()") != before, "it is the same executor")


def waits_for_cells(notebook, page):
    """Messages of comms are taken in turn with the cells; of a slider's only the last counts."""
    notebook.must(
        """
        List<Object> seen = new ArrayList<>();
        Comm.target("slider", (comm, opened) -> comm.onMessage(event -> seen.add(event.data())));
        """
    )
    page.heard(page.send("comm_open", {"comm_id": "s", "target_name": "slider", "data": {}}))
    running = notebook.send('System.out.println("in"); Thread.sleep(1500); seen.add("cell");')
    must(notebook.await_text(running, "in", LIMIT_S), "the cell runs")
    moves = [
        page.say("s", {"method": "update", "state": {"value": i}, "buffer_paths": []})
        for i in range(500)
    ]
    press = page.say("s", {"method": "custom", "content": {}})
    after = page.say("s", {"method": "update", "state": {"value": -1}})
    for message in [*moves, press, after]:
        page.heard(message)
    seen = notebook.must("seen")
    must(seen.startswith("[cell, {"), seen)
    must("value=499" in seen and "value=7}" not in seen, seen)
    must(seen.index("value=499") < seen.index("custom") < seen.index("value=-1"), seen)
    must(seen.count("method") == 3, seen)


def subshells_take_them(notebook, page):
    client = notebook.client
    message = client.session.msg("create_subshell_request", {})
    client.control_channel.send(message)
    subshell = client.get_control_msg(timeout=LIMIT_S)["content"]["subshell_id"]
    said = page.heard(page.say("c1", {"n": 1}, subshell=subshell))
    must(data(said) == [{"total": 42}], said)


def errors_are_shown(notebook, page):
    notebook.must(
        'Comm.target("bad", (c, o) -> { System.out.println("before"); throw new RuntimeException("no"); });'
    )
    said = page.heard(page.send("comm_open", {"comm_id": "b", "target_name": "bad", "data": {}}))
    must([m["msg_type"] for m in said] == ["stream", "error"], said)
    must(said[1]["content"]["evalue"] == "no", said)


class Cells:
    """Cells with names of the notebook's own, as JupyterLab sends them."""

    def __init__(self, page):
        self.page = page

    def run(self, cell, code, deleted=()):
        request = self.page.send(
            "execute_request",
            {"code": code, "silent": False, "store_history": True, "allow_stdin": False},
            metadata={"cellId": cell, "deletedCells": list(deleted)},
        )
        said = self.page.heard(request)
        must(all(m["msg_type"] != "error" for m in said), f"{code!r}: {said}")
        return said

    def widgets(self):
        return set(self.page.comms("jupyter.widget"))


def closed(said):
    return {m["content"]["comm_id"] for m in said if m["msg_type"] == "comm_close"}


def widgets_of_a_cell_that_runs_again_are_closed(page):
    """Unless a variable has them still, or another cell shows them."""
    cells = Cells(page)
    slider = "import hydrocell.api.widgets.*;\nvar speed = new IntSlider(1, 0, 9);\nspeed"
    cells.run("a", slider)
    first = cells.widgets()
    said = cells.run("a", slider)
    second = cells.widgets()
    must(len(first) == len(second) and not first & second, f"{first} and then {second}")
    must(closed(said) == first, f"the page is told of {closed(said)}, not {first}")
    must(not closed(cells.run("b", "speed")), "what is shown twice")
    must(not closed(cells.run("a", slider)), "another cell shows it")
    must(second < cells.widgets(), "it is gone")
    must(closed(cells.run("b", "1")) == second, "nobody sees it any more")

    cells.run("c", "var box = new HBox(speed, new Label(\"x\"));\nbox")
    held = cells.widgets()
    must(not closed(cells.run("c", "1")) and not closed(cells.run("a", "2")), "variables have them")
    must(cells.widgets() == held, "they are gone all the same")
    cells.run("d", "box = null;")
    said = cells.run("a", "speed = null;")
    must(closed(cells.run("d", "3")) | closed(said) == held, f"{cells.widgets()} are left")
    must(not cells.widgets(), "some are open still")
    cells.run("g", "new IntSlider(1, 0, 9)")
    must(closed(cells.run("h", "4", deleted=["g"])), "a cell that was deleted shows it")

    cells.run("a", slider)
    cells.run("a", slider)
    cells.run("e", "%undo")
    (shown,) = [m for m in cells.run("f", "speed") if m["msg_type"] == "execute_result"]
    view = shown["content"]["data"]["application/vnd.jupyter.widget-view+json"]
    must(view["model_id"] in cells.widgets(), "what comes back by %undo has no model")


def main():
    with tempfile.TemporaryDirectory(prefix="hc-comms-") as folder:
        notebook = Notebook(folder)
        page = talks(notebook)
        refuses(page)
        executor_is_given_back(notebook, page)
        subshells_take_them(notebook, page)
        waits_for_cells(notebook, page)
        errors_are_shown(notebook, page)
        widgets_of_a_cell_that_runs_again_are_closed(page)
        notebook.abandon()

        again = Notebook(folder)
        page = Page(again)
        must(set(page.comms("adder")) == {"c1"}, page.comms())
        must(data(page.heard(page.say("c1", {"n": 1}))) == [{"total": 43}], "after the kernel died")
        page.heard(page.send("comm_close", {"comm_id": "c1", "data": {}}))
        must(page.comms("adder") == {}, "closed")
        shown = again.must("total")
        must(shown.startswith("[resumed ") and shown.endswith("43"), shown)
        again.close()
    print("comms ok")


if __name__ == "__main__":
    main()
