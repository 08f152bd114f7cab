"""Finds the processes of one HYDROCELL_HOME. Linux only: reads /proc."""

import os
import signal
import time


def of_home(home):
    """{pid: role} of every process that was started with this home."""
    found = {}
    wanted = f"HYDROCELL_HOME={home}".encode()
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as f:
                if wanted not in f.read().split(b"\0"):
                    continue
            with open(f"/proc/{entry}/cmdline", "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        for word in words:
            if word.startswith(b"@") and word.endswith(b".args"):
                found[int(entry)] = os.path.basename(word[1:].decode()).removesuffix(".args")
    return found


def of_role(home, role):
    return sorted(pid for pid, name in of_home(home).items() if name == role)


def kill(pid):
    """Kills at once, as a power cut would, and waits until the process is gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and alive(pid):
        time.sleep(0.005)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except OSError:
        return False
