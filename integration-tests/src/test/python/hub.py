"""A JupyterHub as it serves its users: it starts a server for each out of an environment that nobody can write
to, as another user of the system where it may (as root, if that user may run this Python), with the user's own home
and the few variables that it passes on. There is no proxy: what a browser would ask through one is asked of the user's server itself.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import websocket
from browser import free_port

TOKEN = "hub-of-the-tests"
USER = "daemon"
LIMIT_S = 120
CONFIGURATION = """
import os
from jupyterhub.proxy import Proxy
from jupyterhub.spawner import SimpleLocalProcessSpawner


class NoProxy(Proxy):
    should_start = False
    routes = {{}}

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {{"routespec": routespec, "target": target, "data": data}}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    async def get_all_routes(self):
        return self.routes


class AsTheUser(SimpleLocalProcessSpawner):
    home_dir = {home!r}

    def make_preexec_fn(self, name):
        def become():
            os.chdir(self.home_dir)
            if {uid} != os.getuid():
                os.setgid({uid})
                os.setgroups([])
                os.setuid({uid})

        return become


c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = AsTheUser
c.JupyterHub.bind_url = "http://127.0.0.1:{public}/"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.cookie_secret_file = {secret!r}
c.JupyterHub.services = [{{"name": "tests", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "tests", "services": ["tests"], "scopes": ["admin:users", "admin:servers", "access:servers"]}}
]
c.Authenticator.allow_all = True
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.ip = "127.0.0.1"
c.Spawner.port = {server}
c.Spawner.http_timeout = {limit}
c.Spawner.start_timeout = {limit}
"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def other_user(python):
    """Another user's number, where there is one that we may become and that may run this Python; else our own."""
    try:
        subprocess.run([python, "-c", ""], cwd="/", check=True, capture_output=True, **as_user(1))
        return 1
    except (OSError, subprocess.CalledProcessError):
        return os.getuid()


def as_user(uid):
    return {} if uid == os.getuid() else {"user": uid, "group": uid, "extra_groups": []}


class Hub:
    """A hub with one user; its folder is removed by whoever made it."""

    def __init__(self, python, folder):
        self.home = os.path.join(folder, "home")
        os.makedirs(self.home)
        self.uid = other_user(python)
        os.chown(self.home, self.uid, self.uid if self.uid != os.getuid() else -1)
        self.hub, self.server = free_port(), free_port()
        configuration = os.path.join(folder, "hub.py")
        with open(configuration, "w") as file:
            file.write(
                CONFIGURATION.format(
                    home=self.home, uid=self.uid, public=free_port(), hub=self.hub, server=self.server,
                    secret=os.path.join(folder, "secret"), token=TOKEN, python=python, limit=LIMIT_S,
                )
            )
        self.log = os.path.join(folder, "hub.log")
        environment = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", configuration],
                cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT,
            )

    def said(self):
        with open(self.log) as file:
            return file.read()[-6000:]

    def ask(self, url, method="GET", content=None):
        """What is answered; null while nobody is there."""
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(url, data, {"Authorization": f"token {TOKEN}"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {url}: {refused} {refused.read()[:500]}\n{self.said()}") from None
        except OSError:
            return None

    def of_hub(self, path, method="GET", content=None):
        return self.ask(f"http://127.0.0.1:{self.hub}/hub/api{path}", method, content)

    def of_server(self, path, method="GET", content=None):
        return self.ask(f"http://127.0.0.1:{self.server}/user/{USER}/api{path}", method, content)

    def until(self, question, what):
        deadline = time.monotonic() + LIMIT_S
        while not question():
            must(self.process.poll() is None and time.monotonic() < deadline, f"{what}\n{self.said()}")
            time.sleep(0.1)

    def start_server(self):
        self.until(lambda: self.of_hub("/") is not None, "no hub")
        self.of_hub(f"/users/{USER}", "POST")
        self.of_hub(f"/users/{USER}/server", "POST", {})
        self.until(lambda: self.of_hub(f"/users/{USER}")["servers"].get("", {}).get("ready"), "no server")

    def run(self, cells):
        """The text that the last of some cells shows, in a kernel of its own."""
        kernel = self.of_server("/kernels", "POST", {"name": "hydrocell"})["id"]
        channels = websocket.create_connection(
            f"ws://127.0.0.1:{self.server}/user/{USER}/api/kernels/{kernel}/channels",
            header=[f"Authorization: token {TOKEN}"], timeout=LIMIT_S,
        )
        try:
            shown = [self.cell(channels, number, cell) for number, cell in enumerate(cells)]
        finally:
            channels.close()
            self.of_server(f"/kernels/{kernel}", "DELETE")
        return shown[-1]

    @staticmethod
    def cell(channels, number, code):
        name = f"cell-{number}"
        header = {"msg_id": name, "msg_type": "execute_request", "username": USER, "session": "s", "version": "5.4"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
        channels.send(json.dumps(message))
        shown, idle, replied = "", False, False
        while not (idle and replied):
            heard = json.loads(channels.recv())
            if heard["parent_header"].get("msg_id") != name:
                continue
            kind, content = heard["msg_type"], heard["content"]
            must(kind != "error", f"{code!r} fails: {content}")
            shown += content["data"]["text/plain"] if kind == "execute_result" else ""
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
            replied = replied or kind == "execute_reply"
        return shown

    def close(self, python):
        subprocess.run(
            [python, "-m", "hydrocell", "stop"], env={"HOME": self.home, "PATH": os.environ["PATH"]},
            cwd="/", stdout=subprocess.DEVNULL, check=True, **as_user(self.uid),
        )
        self.process.terminate()
        self.process.wait(timeout=LIMIT_S)


def serves_its_users(python, folder):
    """Runs a notebook's cells on a user's server, out of the environment of a Python."""
    hub = Hub(python, folder)
    try:
        hub.start_server()
        specs = hub.of_server("/kernelspecs")["kernelspecs"]
        must(specs["hydrocell"]["spec"]["language"] == "java", specs)
        where = hub.run(["int x = 40;", "x + 2 + System.getenv(\"HOME\")"])
        must(where == "42" + hub.home, where)
        data = os.path.join(hub.home, ".local", "share", "hydrocell")
        must(os.path.isdir(data) and os.stat(data).st_uid == hub.uid, data)
    finally:
        hub.close(python)
