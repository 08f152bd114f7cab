"""What clients that cannot be run here send, as they send it: qtconsole and VS Code.

Usage: client_messages.py qtconsole|vscode
"""

import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import time

from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.manager import KernelManager

LIMIT_S = 90


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def reply_to(client, receive, request):
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        try:
            message = receive(timeout=1)
        except queue.Empty:
            continue
        if message["parent_header"].get("msg_id") == request:
            return message
    raise AssertionError("no reply")


def outputs_until_idle(client, request):
    found = []
    while True:
        message = reply_to(client, client.get_iopub_msg, request)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return found
        found.append(message)


def qtconsole():
    """A console widget: banner, history, calltips, completion, continuation, questions, payloads."""
    with tempfile.TemporaryDirectory(prefix="hc-qt-") as folder:
        manager = KernelManager(kernel_name="hydrocell")
        manager.start_kernel(cwd=folder)
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=LIMIT_S)

        info = reply_to(client, client.get_shell_msg, client.kernel_info())["content"]
        must("Hydrocell" in info["banner"] and info["help_links"][0]["url"], "no banner or no links")
        must(info["language_info"]["pygments_lexer"] == "java", "no lexer")
        request = client.history(raw=True, output=False, hist_access_type="tail", n=1000)
        must(reply_to(client, client.get_shell_msg, request)["content"]["status"] == "ok", "no history")

        request = client.execute("int first = 1;\nfirst + 1", silent=False)
        reply = reply_to(client, client.get_shell_msg, request)["content"]
        must(reply["status"] == "ok" and reply["payload"] == [] and reply["execution_count"] == 1, reply)
        kinds = [message["msg_type"] for message in outputs_until_idle(client, request)]
        must(kinds == ["status", "execute_input", "execute_result"], f"the order is {kinds}")

        for code, status in [("int f() {", "incomplete"), ("int g = 2;", "complete"), ("int int;", "invalid")]:
            request = client.is_complete(code)
            said = reply_to(client, client.get_shell_msg, request)["content"]
            must(said["status"] == status, f"{code} is {said}")
        request = client.inspect("String.valueOf(", 15)
        found = reply_to(client, client.get_shell_msg, request)["content"]
        must(found["found"] and "valueOf" in found["data"]["text/plain"], "no calltip at an open bracket")
        request = client.complete("firs", 4)
        found = reply_to(client, client.get_shell_msg, request)["content"]
        must("first" in found["matches"] and (found["cursor_start"], found["cursor_end"]) == (0, 4), found)

        request = client.execute('var line = System.console().readLine("who? ");\nline + "!"', allow_stdin=True)
        asked = client.get_stdin_msg(timeout=LIMIT_S)
        must(asked["content"] == {"prompt": "who? ", "password": False}, asked["content"])
        client.input("me")
        shown = outputs_until_idle(client, request)[-1]["content"]["data"]["text/plain"]
        must(shown == "me!", f"the answer became {shown}")
        reply_to(client, client.get_shell_msg, request)

        request = client.execute('nextCell("int from = 1;");\npage("a long text");')
        payload = reply_to(client, client.get_shell_msg, request)["content"]["payload"]
        must([each["source"] for each in payload] == ["set_next_input", "page"], payload)
        must(payload[0]["text"] == "int from = 1;", payload)
        must(payload[1]["data"]["text/plain"] == "a long text", payload)

        request = client.execute("first", silent=True)
        must(reply_to(client, client.get_shell_msg, request)["content"]["status"] == "ok", "silent fails")
        kinds = {message["msg_type"] for message in outputs_until_idle(client, request)}
        must(kinds == {"status"}, f"a silent cell says {kinds}")
        client.stop_channels()
        manager.shutdown_kernel()


def vscode():
    """Finds the spec by the command line, starts its argv itself, asks and interrupts on control."""
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"], capture_output=True, text=True, check=True
    )
    found = json.loads(listed.stdout)["kernelspecs"]["hydrocell"]
    spec = found["spec"]
    must(spec["interrupt_mode"] == "message" and spec["language"] == "java", spec)
    file, connection = write_connection_file()
    places = {"connection_file": file, "resource_dir": found["resource_dir"]}
    argv = [re.sub(r"\{(\w+)}", lambda place: places[place.group(1)], word) for word in spec["argv"]]
    environment = {name: value for name, value in os.environ.items() if name != "JPY_SESSION_NAME"}
    kernel = subprocess.Popen(argv, env=environment, stdin=subprocess.DEVNULL)
    client = BlockingKernelClient(connection_file=file)
    try:
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=LIMIT_S)
        request = client.execute("int n = 0;\nwhile (true) n++;")
        while reply_to(client, client.get_iopub_msg, request)["msg_type"] != "execute_input":
            pass
        asked = client.session.msg("kernel_info_request", {})
        client.control_channel.send(asked)
        info = reply_to(client, client.get_control_msg, asked["header"]["msg_id"])["content"]
        must(info["status"] == "ok" and info["protocol_version"] >= "5.3", info)
        asked = client.session.msg("interrupt_request", {})
        client.control_channel.send(asked)
        said = reply_to(client, client.get_control_msg, asked["header"]["msg_id"])
        must(said["msg_type"] == "interrupt_reply" and said["content"]["status"] == "ok", said)
        must(reply_to(client, client.get_shell_msg, request)["content"]["status"] == "error", "not interrupted")
        request = client.execute("6 * 7")
        must(outputs_until_idle(client, request)[-1]["content"]["data"]["text/plain"] == "42", "the kernel is gone")
        asked = client.session.msg("shutdown_request", {"restart": False})
        client.control_channel.send(asked)
        must(reply_to(client, client.get_control_msg, asked["header"]["msg_id"])["content"]["status"] == "ok", "no end")
        kernel.wait(timeout=LIMIT_S)
    finally:
        client.stop_channels()
        kernel.kill()
        kernel.wait()
        os.remove(file)


if __name__ == "__main__":
    {"qtconsole": qtconsole, "vscode": vscode}[sys.argv[1]]()
    print(sys.argv[1], "ok")
