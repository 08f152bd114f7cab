"""A front end's debugger: breakpoints, stepping, variables, exceptions, interrupting and killing what
is paused, and the variable panel. Usage: debugger.py CASE; the cases are the functions whose names
begin with case_.
"""

import os
import sys
import tempfile
import time

import processes
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]
LIMIT_S = 90

LOOP = """\
int sum = 0;
for (int i = 1; i <= 3; i++) {
    int square = i * i;
    sum += square;
}
sum"""

METHOD = """\
record Point(int x, int y) {}

int norm(Point p) {
    int squares = p.x() * p.x();
    squares += p.y() * p.y();
    return squares;
}"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def until(condition, what):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        must(time.monotonic() < deadline, f"{what}: not within {LIMIT_S} s")
        time.sleep(0.05)


def debugged():
    """The executors that were started under a debugger."""
    found = set()
    for pid in processes.of_role(HOME, "executor"):
        try:
            with open(f"/proc/{pid}/cmdline") as f:
                if "jdwp" in f.read():
                    found.add(pid)
        except OSError:
            continue
    return found


class Debugger:
    """Speaks the protocol as JupyterLab does, over one notebook's control channel."""

    def __init__(self, notebook, client="test"):
        self.notebook, self.client, self.seq = notebook, notebook.client, 0
        self.body("initialize", clientID=client)
        self.body("attach")

    def request(self, command, **arguments):
        self.seq += 1
        content = {"type": "request", "seq": self.seq, "command": command, "arguments": arguments}
        message = self.client.session.msg("debug_request", content)
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=LIMIT_S)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return reply["content"]

    def body(self, command, **arguments):
        reply = self.request(command, **arguments)
        must(reply["success"], f"{command}: {reply}")
        return reply["body"]

    def breakpoints(self, code, *lines):
        path = self.body("dumpCell", code=code)["sourcePath"]
        body = self.body(
            "setBreakpoints", source={"path": path}, breakpoints=[{"line": n} for n in lines]
        )
        return path, [point["line"] for point in body["breakpoints"]]

    def event(self, *names):
        """The next event of one of these names."""
        while True:
            message = self.client.get_iopub_msg(timeout=LIMIT_S)
            if message["msg_type"] == "error":
                raise AssertionError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "debug_event" and message["content"]["event"] in names:
                return message["content"]

    def stopped(self):
        return self.event("stopped")["body"]

    def frames(self):
        return self.body("stackTrace", threadId=1)["stackFrames"]

    def where(self):
        return [(frame["name"], frame["line"]) for frame in self.frames()]

    def scope(self, name, frame=0):
        scopes = self.body("scopes", frameId=self.frames()[frame]["id"])["scopes"]
        found = [scope for scope in scopes if scope["name"] == name]
        return self.children(found[0]["variablesReference"]) if found else {}

    def children(self, reference, **more):
        variables = self.body("variables", variablesReference=reference, **more)["variables"]
        return {variable["name"]: variable for variable in variables}

    def values(self, name, frame=0):
        return {key: each["value"] for key, each in self.scope(name, frame).items()}


def in_notebook(case):
    def run():
        with tempfile.TemporaryDirectory(prefix="hc-debug-") as folder:
            notebook = Notebook(folder)
            try:
                case(notebook)
            finally:
                notebook.close()

    run.__name__ = case.__name__
    return run


@in_notebook
def case_a_cell_stops_at_its_lines_and_goes_on(notebook):
    notebook.must("int before = 7;")
    earlier = debugged()
    debugger = Debugger(notebook)
    must(debugger.body("debugInfo")["isStarted"], "it is started")
    path, lines = debugger.breakpoints(LOOP, 4)
    must(lines == [4], lines)
    running = notebook.send(LOOP)
    stopped = debugger.stopped()
    must(stopped["reason"] == "breakpoint" and stopped["threadId"] == 1, stopped)
    frame = debugger.frames()[0]
    must(frame["line"] == 4 and frame["source"]["path"] == path, frame)
    must(frame["name"].startswith("cell ["), frame)
    must(debugger.body("debugInfo")["stoppedThreads"] == [1], "a thread is stopped")
    must(debugger.body("source", source={"path": path})["content"] == LOOP, "the source")
    locals_ = debugger.scope("Locals")
    must(locals_["square"]["value"] == "1" and locals_["i"]["value"] == "1", locals_)
    must(locals_["square"]["type"] == "int", locals_)
    globals_ = debugger.values("Globals")
    must(globals_["sum"] == "0" and "before" in globals_, globals_)

    debugger.body("continue", threadId=1)
    debugger.stopped()
    must(debugger.values("Globals")["sum"] == "1", "the second round")
    debugger.body("next", threadId=1)
    must(debugger.stopped()["reason"] == "step", "a step")
    must(debugger.where()[0][1] == 2, debugger.where())
    debugger.breakpoints(LOOP)
    debugger.body("continue", threadId=1)
    done = notebook.finish(running)
    must(done.status == "ok" and "14" in done.text, (done.status, done.text))
    must(debugger.frames() == [], "there is nothing to see of a cell that is done")

    must(debugged() - earlier, "a debugged executor ran it")
    debugger.body("disconnect")
    must(not debugger.body("debugInfo")["isStarted"], "it is stopped")
    must("14" in notebook.must("sum"), "what it changed is kept")
    until(lambda: debugged() <= earlier, "the debugged executor has ended")


@in_notebook
def case_a_method_of_an_earlier_cell_is_stepped_into(notebook):
    notebook.must(METHOD)
    notebook.must("int helper(int n) {\n  return n + 1;\n}")
    debugger = Debugger(notebook)
    path, _ = debugger.breakpoints(METHOD, 4)
    cell = "int first = 3;\nint answer = norm(new Point(first, 4));\nanswer = helper(answer);\nanswer"
    running = notebook.send(cell)
    debugger.stopped()
    frames = debugger.frames()
    must([frame["name"] for frame in frames][0] == "norm", frames)
    must(frames[0]["source"]["path"] == path and frames[0]["line"] == 4, frames)
    must(frames[1]["line"] == 2 and frames[1]["name"].startswith("cell ["), frames)
    must(debugger.values("Locals")["p"] == "Point[x=3, y=4]", debugger.values("Locals"))
    point = debugger.scope("Locals")["p"]
    fields = debugger.children(point["variablesReference"])
    must(fields["x"]["value"] == "3" and fields["y"]["value"] == "4", fields)
    debugger.body("stepOut", threadId=1)
    debugger.stopped()
    must(debugger.where() == [(frames[1]["name"], 2)], debugger.where())
    debugger.body("next", threadId=1)
    debugger.stopped()
    must(debugger.where()[0][1] == 3, debugger.where())
    debugger.body("stepIn", threadId=1)
    debugger.stopped()
    entered = debugger.frames()[0]
    must(entered["name"] == "helper" and entered["line"] == 2, entered)
    source = debugger.body("source", source=entered["source"])["content"]
    must(source.startswith("int helper"), "its cell is found in the history")
    debugger.body("continue", threadId=1)
    done = notebook.finish(running)
    must(done.status == "ok" and "26" in done.text, (done.status, done.text))

    # The same declaration in another place of an edited cell is where it stops now.
    moved = "// above\n\n" + METHOD
    new_path, lines = debugger.breakpoints(moved, 7)
    must(lines == [7], lines)
    debugger.breakpoints(METHOD)
    notebook.must(moved)
    running = notebook.send("norm(new Point(1, 1))")
    debugger.stopped()
    frame = debugger.frames()[0]
    must(frame["source"]["path"] == new_path and frame["line"] == 7, frame)
    debugger.body("continue", threadId=1)
    must(notebook.finish(running).status == "ok", "it goes on")


@in_notebook
def case_values_are_shown_by_their_elements(notebook):
    debugger = Debugger(notebook)
    cell = """\
var list = new ArrayList<>(List.of("a", "b"));
var map = new TreeMap<>(Map.of("one", 1, "two", 2));
var hashed = new HashMap<>(Map.of("k", List.of(1, 2)));
var set = new HashSet<>(Set.of(5));
var two = List.of(1, 2);
var empty = Map.of();
int[] large = new int[250];
large[249] = 9;
String text = "x".repeat(100_000) + "end";
Object nothing = null;
var day = Thread.State.NEW;
list.size()"""
    debugger.breakpoints(cell, 12)
    running = notebook.send(cell)
    debugger.stopped()
    values = debugger.values("Globals")
    expected = {
        "list": '["a", "b"]',
        "map": '{"one"=1, "two"=2}',
        "hashed": '{"k"=[1, 2]}',
        "set": "[5]",
        "two": "[1, 2]",
        "empty": "[]",
        "nothing": "null",
        "day": "NEW",
    }
    for name, value in expected.items():
        must(values[name] == value, f"{name}: {values[name]}")
    must(len(values["text"]) < 300 and values["text"].startswith('"xxx'), "text is cut")
    shown = debugger.scope("Globals")
    elements = debugger.children(shown["list"]["variablesReference"])
    must(elements["[1]"]["value"] == '"b"', elements)
    entries = debugger.children(shown["map"]["variablesReference"])
    must(entries['"two"']["value"] == "2", entries)
    page = debugger.children(shown["large"]["variablesReference"])
    must(len(page) == 101 and page["…"]["value"] == "150 more", list(page)[-1])
    rest = debugger.children(page["…"]["variablesReference"])
    last = debugger.children(rest["…"]["variablesReference"])
    must(last["[249]"]["value"] == "9", list(last)[-1])
    some = debugger.children(shown["large"]["variablesReference"], start=248, count=2)
    must(list(some) == ["[248]", "[249]"], some)
    rich = debugger.body(
        "richInspectVariables", variableName="list", frameId=debugger.frames()[0]["id"]
    )
    must(rich["data"]["text/plain"] == '["a", "b"]', rich)
    debugger.body("continue", threadId=1)
    must(notebook.finish(running).status == "ok", "it goes on")


@in_notebook
def case_expressions_are_read_conditions_hold_and_locals_are_set(notebook):
    notebook.must(
        'record Point(int x, int y) {}\nvar points = List.of(new Point(1, 2), new Point(3, 4));\n'
        'var ages = new HashMap<>(Map.of("Ada", 36));'
    )
    debugger = Debugger(notebook)
    must(debugger.body("evaluate", expression="points.get(1).x() + 1")["result"] == "4", "between cells")
    cell = """\
int total = ages.size() + points.size();
for (int i = 0; i < 100; i++) {
    int twice = 2 * i;
    String word = String.join("", "w", "" + i);
    total += twice;
}
total"""
    path = debugger.body("dumpCell", code=cell)["sourcePath"]

    def stop_if(condition):
        lines = [{"line": 5, "condition": condition}]
        return debugger.body("setBreakpoints", source={"path": path}, breakpoints=lines)["breakpoints"][0]

    refused = stop_if("word.isBlank()  +")
    must(not refused["verified"] and "ends too early" in refused["message"], refused)
    must(stop_if('twice > 90 && word.equals("w47")')["verified"], "the condition is taken")
    running = notebook.send(cell)
    debugger.stopped()
    frame = debugger.frames()[0]["id"]

    def evaluate(expression):
        return debugger.request("evaluate", expression=expression, frameId=frame, context="repl")

    expected = {
        "i": "47",
        "twice + 1": "95",
        "word": '"w47"',
        "word.length() == 3": "true",
        "points.get(1).y()": "4",
        "points.size() * i": "94",
        'ages.get("Ada") - 1': "35",
        "points": "[Point[x=1, y=2], Point[x=3, y=4]]",
        "points == null": "false",
    }
    for expression, value in expected.items():
        reply = evaluate(expression)
        must(reply["success"] and reply["body"]["result"] == value, f"{expression}: {reply}")
    parts = debugger.children(evaluate("points")["body"]["variablesReference"])
    must(parts["[0]"]["value"] == "Point[x=1, y=2]", parts)
    refused = evaluate("word.repeat(2)")
    must(not refused["success"] and "runs no code" in refused["message"], refused)

    scopes = {each["name"]: each["variablesReference"] for each in debugger.body("scopes", frameId=frame)["scopes"]}

    def set_to(name, value, scope="Locals"):
        return debugger.request("setVariable", variablesReference=scopes[scope], name=name, value=value)

    must(set_to("twice", "i * 1000")["body"]["value"] == "47000", "a number is set")
    changed = set_to("word", '"other"')
    must(changed["body"].get("value") == '"other"', f"a text is set: {changed}")
    must("twice is a int" in set_to("twice", '"text"')["message"], "its type counts")
    must("only local variables" in set_to("points", "null", "Globals")["message"], "others are set by cells")
    must(evaluate("twice")["body"]["result"] == "47000", "it is set")
    copied = debugger.request("copyToGlobals", srcVariableName="word", dstVariableName="w", srcFrameId=frame)
    must(not copied["success"] and "assign" in copied["message"], copied)

    stop_if("nobody > 3")
    debugger.body("continue", threadId=1)
    stopped = debugger.stopped()
    must("nobody has no value here" in stopped["text"], stopped)
    stop_if("i < 0")
    debugger.body("continue", threadId=1)
    done = notebook.finish(running)
    must(done.status == "ok" and str(3 + 99 * 100 - 94 + 47000) in done.text, (done.status, done.text))


@in_notebook
def case_exceptions_pause_where_they_are_thrown(notebook):
    debugger = Debugger(notebook)
    debugger.body("setExceptionBreakpoints", filters=["uncaught"])
    cell = """\
try { Integer.parseInt("none"); } catch (NumberFormatException e) { }
int zero = 0;
int never = 1 / zero;"""
    running = notebook.send(cell)
    stopped = debugger.stopped()
    must(stopped["reason"] == "exception" and "Arithmetic" in stopped["text"], stopped)
    must(debugger.where()[0][1] == 3, debugger.where())
    debugger.body("continue", threadId=1)
    must(notebook.finish(running).status == "error", "it throws")

    debugger.body("setExceptionBreakpoints", filters=["raised"])
    running = notebook.send(cell)
    stopped = debugger.stopped()
    must("NumberFormat" in stopped["text"], stopped)
    must(debugger.where()[0][1] == 1, debugger.where())
    debugger.body("setExceptionBreakpoints", filters=[])
    debugger.body("continue", threadId=1)
    must(notebook.finish(running).status == "error", "it throws")


@in_notebook
def case_a_paused_cell_can_be_interrupted(notebook):
    earlier = debugged()
    debugger = Debugger(notebook)
    cell = "int rounds = 0;\nwhile (true) {\n    rounds++;\n}"
    debugger.breakpoints(cell, 3)
    running = notebook.send(cell)
    debugger.stopped()
    executors = debugged() - earlier
    notebook.manager.interrupt_kernel()
    done = notebook.finish(running)
    must(done.status == "error" and "interrupted" in done.error, (done.status, done.error))
    must(executors and executors <= debugged(), "its executor stays")
    must(debugger.frames() == [], "nothing is paused")
    must(int(notebook.must("rounds")) >= 1, "what it did is kept")

    # The debugger is still there for the next cell.
    running = notebook.send(cell)
    debugger.stopped()
    debugger.breakpoints(cell)
    debugger.body("continue", threadId=1)
    until(lambda: debugger.request("pause", threadId=1)["success"], "the cell is paused")
    must(debugger.stopped()["reason"] == "pause", "it is paused")
    must(int(debugger.values("Globals")["rounds"]) > 1, "it ran on")
    notebook.manager.interrupt_kernel()
    must(notebook.finish(running).status == "error", "it was interrupted")


@in_notebook
def case_an_executor_killed_while_paused_costs_its_cell(notebook):
    notebook.must("int kept = 5;")
    debugger = Debugger(notebook)
    debugger.breakpoints("kept = 6;\nkept++;", 2)
    before = set(processes.of_role(HOME, "executor"))
    running = notebook.send("kept = 6;\nkept++;")
    debugger.stopped()
    for pid in set(processes.of_role(HOME, "executor")) - before:
        processes.kill(pid)
    done = notebook.finish(running)
    must(done.status == "error" and "lost" in done.error, (done.status, done.error))
    must(debugger.frames() == [], "nothing is paused")
    running = notebook.send("kept = 6;\nkept++;")
    debugger.stopped()
    must(debugger.values("Globals")["kept"] == "6", "the next cell is debugged again")
    debugger.body("disconnect")
    must(notebook.finish(running).status == "ok", "disconnecting lets it go on")
    must("7" in notebook.must("kept"), "and it is committed")


def case_a_kernel_killed_while_paused_lets_the_cell_go_on():
    with tempfile.TemporaryDirectory(prefix="hc-debug-") as folder:
        notebook = Notebook(folder)
        debugger = Debugger(notebook)
        cell = "int made = 1;\nmade = 41;\nmade++;"
        debugger.breakpoints(cell, 3)
        notebook.send(cell)
        debugger.stopped()
        processes.kill(notebook.pid)
        notebook.abandon()
        again = Notebook(folder)
        until(lambda: "42" in again.run("made").text, "the cell was committed")
        again.close()


@in_notebook
def case_the_variable_panel_needs_no_debugged_executor(notebook):
    notebook.must('record City(String name) {}\nvar cities = List.of(new City("Rome"));\nint n = 3;')
    earlier = debugged()
    debugger = Debugger(notebook, "jupyterlab")
    listed = debugger.body("inspectVariables")["variables"]
    must([each["name"] for each in listed] == ["cities", "n"], listed)
    must("City" in listed[0]["value"], listed)
    rich = debugger.body("richInspectVariables", variableName="cities")
    must("Rome" in rich["data"]["text/plain"] and "text/html" in rich["data"], rich)
    must(not debugger.request("richInspectVariables", variableName="1 + 1")["success"], "no name")
    running = notebook.send('System.out.println("runs"); while (true) { }')
    must(notebook.await_text(running, "runs"), "it runs")
    listed = debugger.body("inspectVariables")["variables"]
    must(len(listed) == 2, "answered while a cell runs")
    notebook.manager.interrupt_kernel()
    notebook.finish(running)
    must(debugged() <= earlier, "nothing is debugged")


if __name__ == "__main__":
    globals()[sys.argv[1]]()
