"""What Jupyter and ipykernel promise of the order and content of messages, asked of one kernel and of the next one."""

import os
import tempfile

from notebook import Notebook

LIMIT_S = 60


def must(condition, what):
    if not condition:
        raise AssertionError(what)


class Asked:
    """A request on its way."""

    def __init__(self, notebook, kind, content):
        message = notebook.client.session.msg(kind, content)
        self.id = message["header"]["msg_id"]
        notebook.client.shell_channel.send(message)


def ask(notebook, kind, content):
    return take(notebook, [Asked(notebook, kind, content)])[0]


def cell(code, **more):
    return {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "user_expressions": {}} | more


def take(notebook, requests):
    """(reply, published up to idle) of each request."""
    replies, published, idle = {}, {request.id: [] for request in requests}, set()
    while len(replies) < len(requests):
        message = notebook.client.get_shell_msg(timeout=LIMIT_S)
        if message["parent_header"].get("msg_id") in published:
            replies[message["parent_header"]["msg_id"]] = message["content"]
    while len(idle) < len(requests):
        message = notebook.client.get_iopub_msg(timeout=LIMIT_S)
        request = message["parent_header"].get("msg_id")
        if request in published:
            published[request].append(message)
            if message["content"].get("execution_state") == "idle":
                idle.add(request)
    return [(replies[request.id], published[request.id]) for request in requests]


def shapes(published):
    return [m["content"].get("execution_state") or m["msg_type"] for m in published]


def status_surrounds_everything(notebook):
    reply, published = ask(notebook, "execute_request", cell('System.out.println("said");\n6 * 7'))
    must(shapes(published) == ["busy", "execute_input", "stream", "execute_result", "idle"], shapes(published))
    must(reply["status"] == "ok" and reply["execution_count"] == 1 and reply["payload"] == [], reply)
    must(published[1]["content"]["execution_count"] == 1 and published[3]["content"]["execution_count"] == 1, published)
    reply, published = ask(notebook, "execute_request", cell('throw new Exception("no");'))
    must(shapes(published) == ["busy", "execute_input", "error", "idle"], shapes(published))
    error = published[2]["content"]
    must(all(reply[key] == error[key] for key in ("ename", "evalue", "traceback")), f"{reply} but {error}")
    must(error["ename"] == "java.lang.Exception" and error["evalue"] == "no" and reply["execution_count"] == 2, error)
    _, published = ask(notebook, "kernel_info_request", {})
    must(shapes(published) == ["busy", "idle"], shapes(published))


def behind_a_failure(notebook, gate, failing, requests):
    """Sends requests behind a cell that fails only when all of them have arrived."""
    code = f'while (!Files.exists(Path.of("{gate}"))) Thread.sleep(5);\nthrow new Exception("no");'
    asked = [Asked(notebook, "execute_request", cell(code, **failing))]
    asked += [Asked(notebook, kind, content) for kind, content in requests]
    # Answered beside the cell, and so after everything before it on the same socket was taken in.
    ask(notebook, "is_complete_request", {"code": "1"})
    with open(os.path.join(notebook.folder, gate), "w"):
        pass
    return take(notebook, asked)


def errors_abort_what_waits(notebook):
    waiting = [("execute_request", cell("int never = 1;")), ("kernel_info_request", {}), ("execute_request", cell("2"))]
    (failed, _), (first, said), (info, _), (second, _) = behind_a_failure(notebook, "gate1", {}, waiting)
    must(failed["status"] == "error" and info["status"] == "ok", f"{failed} {info}")
    must(first["status"] == "aborted" and second["status"] == "aborted", f"{first} {second}")
    must(shapes(said) == ["busy", "idle"], shapes(said))
    reply, _ = ask(notebook, "execute_request", cell("never"))
    must(reply["status"] == "error", "an aborted cell ran")
    waiting = [("execute_request", cell("int after = 1;"))]
    (failed, _), (reply, _) = behind_a_failure(notebook, "gate2", {"stop_on_error": False}, waiting)
    must(failed["status"] == "error" and reply["status"] == "ok", f"{failed} {reply}")


def silent_and_unstored_cells_leave_no_number(notebook):
    before, _ = ask(notebook, "execute_request", cell("int counted = 1;"))
    reply, published = ask(notebook, "execute_request", cell("int quiet = 2;\nquiet", silent=True))
    must(shapes(published) == ["busy", "idle"], shapes(published))
    must(reply["execution_count"] == before["execution_count"], reply)
    reply, published = ask(notebook, "execute_request", cell("quiet + 1", store_history=False))
    must("execute_result" in shapes(published) and reply["execution_count"] == before["execution_count"], reply)
    after, _ = ask(notebook, "execute_request", cell("counted"))
    must(after["execution_count"] == before["execution_count"] + 1, after)
    kept = [line[2] for line in history(notebook, hist_access_type="tail", n=2)]
    must(kept == ["int counted = 1;", "counted"], kept)


def expressions_are_answered(notebook):
    asked = {"good": "counted + 1", "bad": "noSuchName", "html": 'html("<b>x</b>")'}
    reply, published = ask(notebook, "execute_request", cell("int g = 1;", user_expressions=asked))
    values = reply["user_expressions"]
    must(values["good"]["status"] == "ok" and values["good"]["data"]["text/plain"] == "2", values)
    must(values["bad"]["status"] == "error" and values["bad"]["evalue"] == "cannot find symbol: variable noSuchName", values)
    must(values["html"]["data"]["text/html"] == "<b>x</b>", values)
    must(shapes(published) == ["busy", "execute_input", "idle"], shapes(published))


def completion_counts_code_points_and_has_types(notebook):
    code = 'String s = "\U0001f600"; s.substr'
    reply, _ = ask(notebook, "complete_request", {"code": code, "cursor_pos": len(code)})
    must((reply["cursor_start"], reply["cursor_end"]) == (len(code) - 6, len(code)), reply)
    must(any(match.startswith("substring") for match in reply["matches"]), reply)
    types = reply["metadata"]["_jupyter_types_experimental"]
    must([each["text"] for each in types] == reply["matches"], types)
    must(types[0]["type"] == "method" and types[0]["start"] == len(code) - 6, types[0])
    code = '/* \U0001f600 */ Math.max(1, 2)'
    reply, _ = ask(notebook, "inspect_request", {"code": code, "cursor_pos": code.index("max") + 1, "detail_level": 0})
    must(reply["found"] and "max" in reply["data"]["text/plain"], reply)


def completeness_knows_the_indent(notebook):
    wanted = {"int f() {": ("incomplete", "    "), "f(": ("incomplete", None), "1 + 1": ("complete", None)}
    for code, (status, indent) in wanted.items():
        reply, _ = ask(notebook, "is_complete_request", {"code": code})
        must(reply["status"] == status and (indent is None or reply["indent"] == indent), f"{code}: {reply}")


def without_stdin_reading_fails(notebook):
    reply, _ = ask(notebook, "execute_request", cell('System.console().readLine("? ")'))
    must(reply["status"] == "error", reply)


def history(notebook, **asked):
    reply, _ = ask(notebook, "history_request", {"raw": True, "output": False} | asked)
    must(reply["status"] == "ok", reply)
    return reply["history"]


def history_is_kept(notebook):
    """By the next kernel of the notebook: with output, by range, search and tail."""
    notebook.must("int fresh = 5;")
    earlier = history(notebook, hist_access_type="range", session=-1, start=1, stop=3, output=True)
    must([line[2][0] for line in earlier][0].endswith("6 * 7") and earlier[0][2][1] == "42", earlier)
    must(len(earlier) == 2 and earlier[1][2][1] in (None, ""), earlier)
    own = history(notebook, hist_access_type="range", session=0)
    must([line[2] for line in own] == ["int fresh = 5;"], own)
    found = history(notebook, hist_access_type="search", pattern="int *", n=2)
    must([line[2] for line in found] == ["int g = 1;", "int fresh = 5;"], found)
    notebook.must("int fresh = 5;")
    twice = history(notebook, hist_access_type="search", pattern="*fresh*")
    once = history(notebook, hist_access_type="search", pattern="*fresh*", unique=True)
    must((len(twice), len(once)) == (2, 1), f"{twice} {once}")


def main():
    with tempfile.TemporaryDirectory(prefix="hc-protocol-") as folder:
        notebook = Notebook(folder)
        status_surrounds_everything(notebook)
        errors_abort_what_waits(notebook)
        silent_and_unstored_cells_leave_no_number(notebook)
        expressions_are_answered(notebook)
        completion_counts_code_points_and_has_types(notebook)
        completeness_knows_the_indent(notebook)
        without_stdin_reading_fails(notebook)
        notebook.close()
        notebook = Notebook(folder)
        history_is_kept(notebook)
        notebook.close()
    print("protocol ok")


if __name__ == "__main__":
    main()
