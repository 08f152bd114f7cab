"""One kernel on one notebook, and a client on it that keeps what comes back."""

import os
import queue
import time

from jupyter_client.manager import KernelManager


class Outcome:
    """What a cell's reply and outputs said; status is None when no reply came."""

    def __init__(self):
        self.status = None
        self.reply = None
        self.text = ""
        self.error = None


class Notebook:
    def __init__(self, folder, name="notebook.ipynb", kernel="hydrocell"):
        self.folder, self.name = folder, name
        self.manager = KernelManager(kernel_name=kernel)
        environment = dict(os.environ, JPY_SESSION_NAME=os.path.join(folder, name))
        self.manager.start_kernel(env=environment, cwd=folder)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        try:
            self.client.wait_for_ready(timeout=60)
        except BaseException:
            self.abandon()
            raise

    @property
    def pid(self):
        return self.manager.provisioner.process.pid

    def send(self, code):
        return self.client.execute(code, allow_stdin=False)

    def await_text(self, request, text, limit_s=30):
        """Reads outputs of a request until one holds the text; whether one did."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                continue
            content = message["content"]
            shown = content.get("text", "") + content.get("data", {}).get("text/plain", "")
            if message["parent_header"].get("msg_id") == request and text in shown:
                return True
        return False

    def await_status(self, request, state, limit_s=30):
        """Reads outputs of a request until its status is this; whether it became so."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                continue
            mine = message["parent_header"].get("msg_id") == request
            if mine and message["content"].get("execution_state") == state:
                return True
        return False

    def finish(self, request, limit_s=90):
        """Waits for reply and idle; gives up when the kernel's process has ended."""
        outcome, idle = Outcome(), False
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline and not (idle and outcome.status):
            heard = False
            for receive, is_reply in (
                (self.client.get_iopub_msg, False),
                (self.client.get_shell_msg, True),
            ):
                try:
                    message = receive(timeout=0.02)
                except queue.Empty:
                    continue
                heard = True
                if message["parent_header"].get("msg_id") != request:
                    continue
                content, kind = message["content"], message["msg_type"]
                if is_reply:
                    outcome.status, outcome.reply = content["status"], content
                elif kind == "status":
                    idle = idle or content["execution_state"] == "idle"
                elif kind == "stream":
                    outcome.text += content["text"]
                elif kind == "error":
                    outcome.error = content["evalue"]
                elif kind in ("execute_result", "display_data"):
                    outcome.text += content["data"].get("text/plain", "")
            if not heard and self.manager.provisioner.process.poll() is not None:
                break
        return outcome

    def interrupt(self, request, attempts=10):
        """Interrupts a cell until its reply: one that comes just before the kernel takes up the cell does not count."""
        for _ in range(attempts):
            self.manager.interrupt_kernel()
            outcome = self.finish(request, 5)
            if outcome.status:
                break
        return outcome

    def run(self, code, limit_s=90):
        return self.finish(self.send(code), limit_s)

    def must(self, code, limit_s=90):
        outcome = self.run(code, limit_s)
        if outcome.status != "ok":
            raise AssertionError(f"{code!r} ended {outcome.status}: {outcome.error} {outcome.text}")
        return outcome.text

    def abandon(self):
        """Ends client and process without any farewell."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)
