"""Stands between Hydrocell's processes: delays, repeats and reorders their messages, and cuts connections.

Every Unix socket of one home is exchanged for one of ours as soon as it is there, and what arrives is
passed on to the real one, frame by frame. Nothing of Hydrocell knows of it. Linux only.

Each connection draws from its own random numbers, made from the seed, its role and its place among the
connections of that role. Repeated is what a sender that tries again would repeat; reordered are only
messages whose order the protocol leaves open (hydrocell.anna.wire).
"""

import asyncio
import collections
import ctypes
import os
import random
import socket
import stat
import struct
import threading

# Of hydrocell.cell.message.FromExecutor: what a cell shows is a stream, in which nothing is repeated.
SHOWN = {3, 4, 5, 6, 10, 11}

_libc = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_IN_ATTRIB = 0x4


def _exchange(one, other):
    if _libc.renameat2(_AT_FDCWD, one.encode(), _AT_FDCWD, other.encode(), _RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2", one)


def role_of(name):
    """Who listens on a socket of this name: node, host, compiler or executor."""
    stem = name.removesuffix(".sock").split("-")[0]
    return {"anna": "node", "compile": "compiler"}.get(stem, stem)


class Wire:
    """One direction of one connection."""

    def __init__(self, role, connection, to_server, chance):
        self.role, self.connection = role, connection
        self.to_server, self.chance = to_server, chance
        self.ended = False

    def may_repeat(self, frame):
        return not (self.role == "executor" and not self.to_server and frame[0] in SHOWN)

    def may_reorder(self):
        return self.role in ("node", "compiler")


class Faults:
    """What is done to messages, and how often it was. Subclasses do worse."""

    def __init__(self, delays=0.06, repeats=0.05, reorders=0.05):
        self.delays, self.repeats, self.reorders = delays, repeats, reorders
        self.done = collections.Counter()

    async def carry(self, wire, receive, send):
        """Passes on what comes, until nothing comes any more; the hello and the welcome as they are."""
        frame = await receive()
        if frame is not None:
            await send(frame)
            frame = await receive()
        while frame is not None:
            await self.pass_on(wire, frame, receive, send)
            frame = await receive()

    async def pass_on(self, wire, frame, receive, send):
        dice = wire.chance.random()
        if dice < self.delays:
            self.done[wire.role, "delayed"] += 1
            await asyncio.sleep(wire.chance.choice([0.001, 0.003, 0.01, 0.03]))
        elif dice < self.delays + self.repeats and wire.may_repeat(frame):
            self.done[wire.role, "repeated"] += 1
            await send(frame)
        elif dice < self.delays + self.repeats + self.reorders and wire.may_reorder():
            following = await receive(0.005)
            if following is not None:
                self.done[wire.role, "reordered"] += 1
                await send(following)
        await send(frame)


class Messages:
    """The exchange of sockets, on a thread of its own, from start to stop."""

    def __init__(self, home, seed, faults=None):
        self.folder = os.path.join(home, "run")
        self.seed = seed
        self.faults = faults or Faults()
        self.connections = collections.Counter()
        self.open = {}
        self.failures = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="messages", daemon=True)

    def start(self):
        os.makedirs(os.path.dirname(self.folder), mode=0o700, exist_ok=True)
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.watch = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if _libc.inotify_add_watch(self.watch, self.folder.encode(), _IN_ATTRIB) < 0:
            raise OSError(ctypes.get_errno(), "inotify", self.folder)
        self.thread.start()

    def cut(self, role):
        """Closes every open connection to this role, wherever in a message it is; how many."""

        def close():
            writers = [writer for writer, of in self.open.items() if of == role]
            for writer in writers:
                writer.transport.abort()
            return len(writers)

        return asyncio.run_coroutine_threadsafe(_result_of(close), self.loop).result(10)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        os.close(self.watch)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.add_reader(self.watch, self._look)
        self.loop.set_exception_handler(lambda loop, context: self.failures.append(context))
        self.loop.run_forever()
        self.loop.set_exception_handler(lambda loop, context: None)
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0.05))
        self.loop.close()

    def _look(self):
        """A socket is complete when its owner has made it private."""
        events = os.read(self.watch, 65536)
        at = 0
        while at < len(events):
            length = struct.unpack_from("iIII", events, at)[3]
            name = events[at + 16 : at + 16 + length].rstrip(b"\0").decode()
            at += 16 + length
            path = os.path.join(self.folder, name)
            if name.endswith(".sock"):
                self._take_place(path)

    def _take_place(self, path):
        try:
            mode = os.stat(path).st_mode
            if not stat.S_ISSOCK(mode) or mode & 0o077:
                return
            real = path + ".real"
            listener = socket.socket(socket.AF_UNIX)
            if os.path.exists(real):
                os.remove(real)
            listener.bind(real)
            os.chmod(real, 0o600)
            listener.listen(64)
            owner = self._owner_of(path)
            _exchange(path, real)
        except OSError:
            return  # Its process has died already.
        role = role_of(os.path.basename(path))
        inode = os.stat(path).st_ino
        server = self.loop.create_task(
            asyncio.start_unix_server(lambda r, w: self._serve(role, real, r, w), sock=listener)
        )
        self.loop.add_reader(owner, self._died, owner, server, path, real, inode)

    @staticmethod
    def _owner_of(path):
        """A descriptor that becomes readable when the process that listens there has ended."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path)
            credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return os.pidfd_open(struct.unpack("iII", credentials)[0])

    def _died(self, owner, server, path, real, inode):
        """Nobody listens any more where a dead process did."""
        self.loop.remove_reader(owner)
        os.close(owner)
        if server.done():
            server.result().close()
        else:
            server.cancel()
        try:
            if os.stat(path).st_ino == inode:
                os.remove(path)
                os.remove(real)
        except OSError:
            pass  # It removed its socket itself, or its successor is there.

    async def _serve(self, role, real, reader, writer):
        number = self.connections[role]
        self.connections[role] += 1
        try:
            to_reader, to_writer = await asyncio.open_unix_connection(real)
        except OSError:
            writer.transport.abort()
            return
        self.open[writer] = self.open[to_writer] = role

        def wire(to_server):
            chance = random.Random(f"{self.seed} {role} {number} {to_server}")
            return Wire(role, (role, number), to_server, chance)

        try:
            await asyncio.gather(
                self._carry(wire(True), reader, to_writer), self._carry(wire(False), to_reader, writer)
            )
        finally:
            del self.open[writer], self.open[to_writer]

    async def _carry(self, wire, reader, writer):
        """One direction; what was received before the sender's end still arrives."""
        pending = None

        async def frame():
            try:
                head = await reader.readexactly(4)
                return await reader.readexactly(int.from_bytes(head, "big"))
            except (asyncio.IncompleteReadError, OSError):
                return None

        async def receive(limit_s=None):
            """The next frame; None when there will be none, or none within the limit."""
            nonlocal pending
            pending = pending or asyncio.ensure_future(frame())
            await asyncio.wait([pending], timeout=limit_s)
            if not pending.done():
                return None
            done, pending = pending, None
            return done.result()

        async def send(payload):
            writer.write(len(payload).to_bytes(4, "big") + payload)
            await writer.drain()

        try:
            await self.faults.carry(wire, receive, send)
        except OSError:
            pass  # The receiver has gone.
        finally:
            wire.ended = True
            if pending is not None:
                pending.cancel()
            writer.close()


async def _result_of(function):
    return function()
