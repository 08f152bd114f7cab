"""While a long cell runs: a subshell answers, and SIGINT to the kernel's process ends the cell."""

import os
import signal
import tempfile
import time

from notebook import Notebook

LIMIT_S = 60


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def control(notebook, kind, content=None):
    """Asks on the control channel; the content of the reply."""
    client = notebook.client
    message = client.session.msg(kind, content or {})
    client.control_channel.send(message)
    return reply_to(message, lambda: client.get_control_msg(timeout=LIMIT_S))


def shell(notebook, subshell, kind, content):
    """Asks a subshell; the message that answers."""
    client = notebook.client
    message = client.session.msg(kind, content)
    message["header"]["subshell_id"] = subshell
    client.shell_channel.send(message)
    return reply_to(message, lambda: client.get_shell_msg(timeout=LIMIT_S))


def reply_to(message, receive):
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        reply = receive()
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return reply["content"]
    raise AssertionError(f"no answer to {message['header']['msg_type']}")


def await_text(notebook, text):
    """Waits until a cell has printed this."""
    seen = ""
    while text not in seen:
        message = notebook.client.get_iopub_msg(timeout=LIMIT_S)
        if message["msg_type"] == "stream":
            seen += message["content"]["text"]


def await_busy(notebook, request):
    """Waits until a running cell is said to be busy again, after what was answered beside it."""
    while True:
        message = notebook.client.get_iopub_msg(timeout=LIMIT_S)
        if message["msg_type"] == "status" and message["parent_header"].get("msg_id") == request:
            must(message["content"]["execution_state"] == "busy", message["content"])
            return


def waiting_cell_is_interrupted(notebook, subshell, cell):
    """A cell that is shown as busy and waits for its turn ends with the one that runs."""
    client = notebook.client
    running = notebook.send('System.out.println("again"); while (true) { }')
    await_text(notebook, "again")
    waiting = client.session.msg("execute_request", cell)
    waiting["header"]["subshell_id"] = subshell
    client.shell_channel.send(waiting)
    await_busy(notebook, waiting["header"]["msg_id"])
    control(notebook, "interrupt_request")
    ends = {}
    while len(ends) < 2:
        reply = client.get_shell_msg(timeout=LIMIT_S)
        ends[reply["parent_header"].get("msg_id")] = reply["content"]
    for request in (running, waiting["header"]["msg_id"]):
        must(ends[request]["status"] == "error", ends[request])
        must(ends[request]["ename"] == "Interrupted", ends[request])


def main():
    # A shell starts its background jobs with SIGINT ignored, and kernels would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="hc-sub-") as folder:
        notebook = Notebook(folder)
        notebook.must("int someLongName = 41;")
        created = control(notebook, "create_subshell_request")
        must(created["status"] == "ok", created)
        subshell = created["subshell_id"]

        running = notebook.send('System.out.println("runs"); while (true) { }')
        await_text(notebook, "runs")
        completed = shell(
            notebook, subshell, "complete_request", {"code": "someLong", "cursor_pos": 8}
        )
        must("someLongName" in completed["matches"], completed)
        beside = shell(notebook, "", "complete_request", {"code": "someLong", "cursor_pos": 8})
        must("someLongName" in beside["matches"], beside)
        await_busy(notebook, running)
        inspected = shell(
            notebook,
            subshell,
            "inspect_request",
            {"code": "someLongName", "cursor_pos": 4, "detail_level": 0},
        )
        must(inspected["found"], inspected)
        known = shell(notebook, subshell, "history_request", {"hist_access_type": "tail", "n": 5})
        must(any("someLongName" in line[2] for line in known["history"]), known)

        os.kill(notebook.pid, signal.SIGINT)
        stopped = notebook.finish(running)
        must(stopped.status == "error", f"SIGINT did not end the cell: {stopped.status}")
        must(notebook.manager.is_alive(), "SIGINT ended the kernel")

        cell = {"code": "someLongName + 1", "silent": False, "store_history": True}
        waiting_cell_is_interrupted(notebook, subshell, cell)
        executed = shell(notebook, subshell, "execute_request", cell)
        must(executed["status"] == "ok", executed)
        deleted = control(notebook, "delete_subshell_request", {"subshell_id": subshell})
        must(deleted["status"] == "ok", deleted)
        must(control(notebook, "list_subshell_request")["subshell_id"] == [], "it is still there")
        must("42" in notebook.must("someLongName + 1"), "the main shell lost its names")
        notebook.close()


if __name__ == "__main__":
    main()
