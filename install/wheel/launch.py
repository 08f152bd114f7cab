"""Starts a Hydrocell kernel that came in a wheel: finds a JDK and becomes its JVM.

Jupyter runs this file where the wheel put it, beside kernel.json, with any Python of version 3.9 or
later and without any package. What processes are started by, argument files and start-up caches, is
kept per JDK in the user's data folder (or beside the jars, where `hydrocell train --shared` put
it), so that nothing is ever written to the place of installation.
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

LEAST_JAVA = 25
HERE = os.path.dirname(os.path.realpath(__file__))
SHARE = os.path.normpath(os.path.join(HERE, "..", "..", "..", "hydrocell"))
ROLES = ("kernel", "node", "compiler", "executor", "resolver")
USUAL_PLACES = (
    "/usr/lib/jvm/*25*",
    "/opt/java/*",
    "/opt/jdk*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/lib/jvm/*",
    "C:/Program Files/*/jdk*",
)
NO_JDK = """hydrocell: no JDK 25 found. Install one:
  Debian, Ubuntu   apt install openjdk-25-jdk-headless
  macOS            brew install openjdk@25
  conda            conda install -c conda-forge openjdk=25
  elsewhere        https://adoptium.net
or set JAVA_HOME to the folder of one (in the environment of Jupyter, or under "env" in
{spec}).
Looked at: {looked}"""


def release(jdk):
    """What the file `release` of a JDK says; empty when there is none."""
    said = {}
    try:
        with open(os.path.join(jdk, "release"), encoding="utf-8") as file:
            for line in file:
                name, _, value = line.strip().partition("=")
                said[name] = value.strip('"')
    except OSError:
        pass
    return said


def is_fit(jdk):
    """Whether a folder is a JDK, with a compiler, that is new enough."""
    said = release(jdk)
    major = said.get("JAVA_VERSION", "0").split(".")[0].split("-")[0]
    modules = said.get("MODULES", "jdk.compiler").split()
    return major.isdigit() and int(major) >= LEAST_JAVA and "jdk.compiler" in modules and os.path.exists(java_of(jdk))


def java_of(jdk):
    return os.path.join(jdk, "bin", "java.exe" if os.name == "nt" else "java")


def candidates():
    yield os.environ.get("JAVA_HOME", "")
    environment = os.path.normpath(os.path.join(SHARE, "..", ".."))
    yield os.path.join(environment, "lib", "jvm")  # where conda puts it
    on_path = shutil.which("java")
    if on_path:
        yield os.path.dirname(os.path.dirname(os.path.realpath(on_path)))
    for place in USUAL_PLACES:
        yield from sorted(glob.glob(os.path.expanduser(place)), reverse=True)


def find_jdk():
    looked = []
    for jdk in candidates():
        if jdk and jdk not in looked:
            if is_fit(jdk):
                return os.path.realpath(jdk)
            looked.append(jdk)
    spec = os.path.join(HERE, "kernel.json")
    sys.exit(NO_JDK.format(spec=spec, looked=", ".join(looked) or "nothing, there is no Java at all"))


def data_folder():
    """As hydrocell.cell.local.Folders finds it."""
    home = os.environ.get("HYDROCELL_HOME", "").strip()
    if home:
        return os.path.abspath(home)
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support/hydrocell")
    if os.name == "nt" and os.environ.get("LOCALAPPDATA"):
        return os.path.join(os.environ["LOCALAPPDATA"], "hydrocell")
    xdg = os.environ.get("XDG_DATA_HOME", "").strip()
    return os.path.join(xdg, "hydrocell") if xdg else os.path.expanduser("~/.local/share/hydrocell")


def key(jdk):
    """Names these jars, as they lie here, and this JDK: a cache fits no others."""
    templates = os.path.join(SHARE, "templates")
    try:
        stamp = os.stat(os.path.join(templates, "kernel.args")).st_mtime_ns
    except OSError:
        sys.exit(f"hydrocell: its files are not in {SHARE}: the kernelspec was copied from where pip had put it. "
                 "Remove the copy, or run `pip install --force-reinstall hydrocell`.")
    with open(os.path.join(SHARE, "build"), encoding="utf-8") as file:
        build = file.read().strip()
    said = sorted(release(jdk).items())
    text = repr((build, SHARE, stamp, jdk, said))
    return build.split("-")[0] + "-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def quoted(path):
    return path.replace("\\", "\\\\").replace('"', '\\"')


def write_arguments(folder, final):
    lib = os.path.join(SHARE, "lib")
    for role in ROLES:
        with open(os.path.join(SHARE, "templates", role + ".args"), encoding="utf-8") as file:
            text = file.read().replace(":@LIB@", os.pathsep + "@LIB@")
        text = text.replace("@LIB@", quoted(lib)).replace("@FOLDER@", quoted(final))
        with open(os.path.join(folder, role + ".args"), "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(folder, "jars"), "w", encoding="utf-8") as file:
        file.write(lib + "\n")


def installed(jdk, shared=False):
    """The folder of argument files and caches for a JDK; made when it is not there."""
    name = key(jdk)
    in_share = os.path.join(SHARE, "installed", name)
    if shared or os.path.exists(os.path.join(in_share, "trained")):
        final = in_share
    else:
        final = os.path.join(data_folder(), "installed", name)
    if os.path.exists(os.path.join(final, "jars")):
        return final
    parent = os.path.dirname(final)
    try:
        os.makedirs(parent, mode=0o755 if shared else 0o700, exist_ok=True)
        fresh = tempfile.mkdtemp(prefix=".new-", dir=parent)
        os.chmod(fresh, 0o755 if shared else 0o700)
        write_arguments(fresh, final)
    except OSError as failure:
        sys.exit(f"hydrocell: cannot write to {parent} ({failure}): make it writable, or set HYDROCELL_HOME")
    try:
        os.rename(fresh, final)
    except OSError:
        # Another kernel was faster, with the same content.
        shutil.rmtree(fresh, ignore_errors=True)
    return final


def become(command):
    """Runs a command in the place of this process, so that signals reach it."""
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def start_kernel(connection_file):
    jdk = find_jdk()
    folder = installed(jdk)
    try:
        os.utime(os.path.join(folder, "jars"))
    except OSError:
        pass  # Shared, and not ours: nobody removes it for being old.
    become([java_of(jdk), "@" + os.path.join(folder, "kernel.args"), connection_file])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: launch.py CONNECTION_FILE (Jupyter calls it)")
    start_kernel(sys.argv[1])
