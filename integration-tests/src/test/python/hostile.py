"""Bytes that no process of Hydrocell sends, on every socket that one listens on; a real notebook works meanwhile.

Usage: hostile.py [FRAMES [SEED]]. 20,000 frames take about half a minute; a million are for a night.
"""

import hashlib
import hmac
import os
import random
import select
import socket
import struct
import sys
import tempfile
import time

import zmq

import processes
from notebook import Notebook

HOME = os.environ["HYDROCELL_HOME"]
HELLO_MAGIC = 0x48594331
HALF_OPEN = 40
CROWD = 2_000
GROWTH_LIMIT_MB = 200
JUPYTER_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def properties(path):
    with open(path) as lines:
        pairs = (line.strip().split("=", 1) for line in lines if "=" in line)
        return {name: value.replace("\\:", ":") for name, value in pairs}


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return varint(len(data)) + data


def hello(secret, role="kernel"):
    return struct.pack(">I", HELLO_MAGIC) + varint(1) + text(role) + text(secret) + text("")


def framed(payload):
    return struct.pack(">I", len(payload)) + payload


def garbage(rng, longest=400):
    return rng.randbytes(rng.randrange(longest))


def frame_of_nobody(rng):
    """A frame, or something that looks like the beginning of one."""
    kind = rng.randrange(6)
    body = garbage(rng)
    if kind == 0:
        return body
    if kind == 1:
        return framed(body)
    if kind == 2:
        return struct.pack(">I", rng.choice([0, 0x7FFFFFFF, 0xFFFFFFFF, 17 << 20])) + body
    if kind == 3:
        return framed(body)[: rng.randrange(1, len(body) + 4)]
    if kind == 4:
        # What a request of ours begins with: an id, a code, a key.
        return framed(varint(rng.randrange(1 << 20)) + bytes([rng.randrange(12)]) + text(body))
    return framed(varint(7) + bytes([rng.randrange(10), rng.randrange(4)]) + b"\xff" * rng.randrange(60))


def connect(address):
    kind = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    peer = socket.socket(kind, socket.SOCK_STREAM)
    peer.settimeout(20)
    peer.connect(address)
    return peer


def given_back(address):
    """Whether this was the socket of a warm executor that the pool has ended meanwhile."""
    return isinstance(address, str) and not os.path.exists(address)


def throw(rng, address, secret, frames):
    """Sends frames on connections, some after a proper hello, as long as they are borne."""
    while frames > 0 and not given_back(address):
        peer = connect(address)
        try:
            if secret and rng.random() < 0.7:
                peer.sendall(framed(hello(secret)))
                peer.recv(4096)
            for _ in range(min(frames, rng.randrange(1, 40))):
                frames -= 1
                data = frame_of_nobody(rng)
                if rng.random() < 0.02:
                    for byte in data:
                        peer.sendall(bytes([byte]))
                else:
                    peer.sendall(data)
        except OSError:
            pass
        finally:
            peer.close()
    return frames


def signed(key, parts):
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(part)
    return mac.hexdigest().encode()


def jupyter_frames(rng, key):
    """Messages of a client that is broken or has no key."""
    header = b'{"msg_id":"%d","session":"s","username":"u","date":"","msg_type":"%s","version":"5.5"}' % (
        rng.randrange(1 << 30),
        rng.choice([b"execute_request", b"comm_msg", b"nonsense", b"debug_request", b"inspect_request"]),
    )
    kind = rng.randrange(7)
    parts = [header, b"{}", b"{}", b"{}"]
    if kind == 0:
        return [b"<IDS|MSG>", b"0" * 64, *parts]
    if kind == 1:
        return [b"<IDS|MSG>", signed(key, parts), *parts[: rng.randrange(4)]]
    if kind == 2:
        parts[3] = b"[" * 100_000
        return [b"<IDS|MSG>", signed(key, parts), *parts]
    if kind == 3:
        parts[rng.randrange(4)] = garbage(rng)
        return [b"<IDS|MSG>", signed(key, parts), *parts]
    if kind == 4:
        parts[3] = rng.choice([b"null", b"7", b'"x"', b"[]", b'{"code":7,"cursor_pos":-1e99}'])
        return [b"<IDS|MSG>", signed(key, parts), *parts]
    if kind == 5:
        return [garbage(rng) for _ in range(rng.randrange(1, 8))]
    return [b""] * rng.randrange(1, 5)


def throw_at_kernel(rng, info, frames):
    context = zmq.Context()
    sockets = []
    for port in ("shell_port", "control_port", "stdin_port"):
        dealer = context.socket(zmq.DEALER)
        dealer.linger = 0
        dealer.sndtimeo = 20_000
        dealer.connect(f"tcp://{info['ip']}:{info[port]}")
        sockets.append(dealer)
    seen = []
    for _ in range(frames):
        message = jupyter_frames(rng, info["key"])
        seen.append(message)
        if rng.random() < 0.1:
            message = rng.choice(seen[-50:])
        rng.choice(sockets).send_multipart(message)
    for dealer in sockets:
        while dealer.poll(0):
            dealer.recv_multipart()
    context.destroy(linger=0)
    for port in JUPYTER_PORTS:
        for _ in range(5):
            throw(rng, (info["ip"], info[port]), None, 10)


def addresses(node):
    """Every socket of the node's family, with the secret where this test has it."""
    known = {}
    for name in ("anna", "executorHost"):
        known[node[name].removeprefix("unix:")] = bytes.fromhex(node["secret"])
    folder = os.path.dirname(next(iter(known)))
    for name in os.listdir(folder):
        if name.endswith(".sock"):
            known.setdefault(os.path.join(folder, name), None)
    must(len(known) >= 4, f"only {sorted(known)} listen")
    return known


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def crowd(address):
    """More connections than anybody needs, that say nothing; then they go."""
    peers = []
    try:
        for _ in range(CROWD):
            peers.append(connect(address))
    except OSError:
        pass
    return peers


def settled(pids, before, limit_s=60):
    """Waits until the processes hold about as many files as before."""
    deadline = time.monotonic() + limit_s
    while any(open_files(pid) > before[pid] + 20 for pid in pids):
        must(
            time.monotonic() < deadline,
            f"files stay open: {before} became { {pid: open_files(pid) for pid in pids} }",
        )
        time.sleep(0.1)


def main():
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    print(f"{frames} frames, seed {seed}")
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="hc-hostile-") as folder:
        notebook = Notebook(folder)
        notebook.must("int kept = 42;")
        node = properties(os.path.join(HOME, "node.properties"))
        targets = addresses(node)
        info = notebook.manager.get_connection_info()
        executor = int(notebook.must("ProcessHandle.current().pid()").strip())
        pids = [notebook.pid, executor, *processes.of_role(HOME, "node"), *processes.of_role(HOME, "compiler")]
        files = {pid: open_files(pid) for pid in pids}
        memory = {pid: resident_mb(pid) for pid in pids}
        half_open = [
            connect(address)
            for address in targets
            if not given_back(address)
            for _ in range(HALF_OPEN // len(targets))
        ]
        share = frames // (len(targets) + 1)
        for address, secret in targets.items():
            for _ in range(4):
                throw(rng, address, secret, share // 4)
                must("42" in notebook.must("kept"), f"a correct client got no answer beside {address}")
        for _ in range(4):
            throw_at_kernel(rng, info, share // 4)
            must("42" in notebook.must("kept"), "a correct client got no answer from the kernel")
        for address in targets:
            peers = [] if given_back(address) else crowd(address)
            must("43" in notebook.must("kept + 1"), f"a crowd at {address} keeps a client out")
            for peer in peers:
                peer.close()
        for peer in half_open:
            # Who says nothing is sent away.
            peer.settimeout(60)
            try:
                must(not peer.recv(4096), "a stranger was answered")
            except ConnectionError:
                pass
            peer.close()
        settled(pids, files)
        for pid in pids:
            must(processes.alive(pid), f"{pid} died")
            grown = resident_mb(pid) - memory[pid]
            must(grown < GROWTH_LIMIT_MB, f"{pid} grew by {grown:.0f} MB")
        must("84" in notebook.must("kept * 2"), "the notebook does not work afterwards")
        notebook.close()


main()
