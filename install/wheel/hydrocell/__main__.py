"""The command `hydrocell`: what runs, what is wrong, and start-up caches ahead of time."""

import importlib.metadata
import importlib.util
import os
import subprocess
import sys

HELP = """hydrocell: the Java kernel of this Python environment.

  hydrocell status            node, notebooks, executors, memory, disk
  hydrocell stop              end the local node; the next cell starts it again
  hydrocell doctor            what is wrong and how to mend it
  hydrocell train [--shared]  make the start-up caches now; with --shared beside the jars, for all users of an image
  hydrocell where             JDK and folders in use

HYDROCELL_HOME moves data, sockets and settings to another folder; JAVA_HOME names the JDK."""


def launcher():
    """The functions of launch.py, wherever pip put it."""
    for file in importlib.metadata.files("hydrocell") or []:
        if file.name == "launch.py" and file.parent.name == "hydrocell":
            spec = importlib.util.spec_from_file_location("launch", str(file.locate()))
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    sys.exit("hydrocell: launch.py is missing: run `pip install --force-reinstall hydrocell`")


def java(launch, jdk, *arguments):
    command = [
        launch.java_of(jdk),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.awt.headless=true",
        "-Dhydrocell.log=" + os.environ.get("TMPDIR", "/tmp"),
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        os.path.join(launch.SHARE, "lib", "*"),
        "hydrocell.install.CommandLine",
        *arguments,
    ]
    # Standard input stays open: where it is at its end, training gives up.
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    return process.wait()


def main():
    words = sys.argv[1:] or ["help"]
    if words[0] in ("help", "--help", "-h"):
        print(HELP)
        return 0
    if words[0] not in ("status", "stop", "doctor", "train", "where"):
        print(HELP, file=sys.stderr)
        return f"hydrocell: there is no command '{words[0]}'"
    launch = launcher()
    jdk = launch.find_jdk()
    folder = launch.installed(jdk, shared=words[1:] == ["--shared"])
    if words[0] == "where":
        print(f"jdk      {jdk}\njars     {launch['SHARE']}\ncaches   {folder}\ndata     {launch['data_folder']()}")
        return 0
    if words[0] == "train":
        print("making start-up caches with a short notebook", flush=True)
        return java(launch, jdk, "train", folder)
    return java(launch, jdk, words[0])


if __name__ == "__main__":
    sys.exit(main())
