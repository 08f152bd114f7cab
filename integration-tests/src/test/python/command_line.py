"""The operator's commands, as `install/hydrocell` passes them on."""

import os
import subprocess

COMMAND_LIMIT_S = 600


def command(*words):
    """Runs a command on the node of HYDROCELL_HOME; what it printed."""
    dist, java = os.environ["HYDROCELL_TEST_DIST"], os.environ["HYDROCELL_TEST_JAVA"]
    done = subprocess.run(
        [java, "-cp", f"{dist}/lib/*", "hydrocell.install.CommandLine", *words],
        capture_output=True, text=True, timeout=COMMAND_LIMIT_S,
    )
    if done.returncode:
        raise AssertionError(f"{words} ended {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout
