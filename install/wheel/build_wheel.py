"""Packs a pip wheel: jars, argument file templates, kernelspec, launcher and the Python package.

Usage: build_wheel.py VERSION LIB TEMPLATES OUT_FOLDER. The same content gives the same bytes.
"""

import base64
import hashlib
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALL = os.path.dirname(HERE)
DATE = (2020, 1, 1, 0, 0, 0)

KERNEL = """{
  "argv": ["python3", "-I", "-S", "{resource_dir}/launch.py", "{connection_file}"],
  "display_name": "Java (Hydrocell)",
  "language": "java",
  "interrupt_mode": "message",
  "metadata": {"debugger": true}
}
"""
METADATA = """Metadata-Version: 2.4
Name: hydrocell
Version: {version}
Summary: A Jupyter kernel for Java in which nothing is lost
License-Expression: Apache-2.0
License-File: LICENSE
Keywords: jupyter,kernel,java,notebook
Classifier: Framework :: Jupyter
Classifier: Programming Language :: Java
Requires-Python: >=3.9
Description-Content-Type: text/markdown

{readme}"""
WHEEL = """Wheel-Version: 1.0
Generator: hydrocell
Root-Is-Purelib: true
Tag: py3-none-any
"""
# papermill loads this group when it starts, and so learns how parameters are written in Java.
ENTRY_POINTS = """[console_scripts]
hydrocell = hydrocell.__main__:main

[papermill.engine]
hydrocell = hydrocell.papermill:HydrocellEngine
"""
README = """# Hydrocell

A Jupyter kernel for Java in which nothing is lost: variables, methods and types live in a store and
survive the death of any process. Needs a JDK 25. `pip install` of this wheel is all: the kernel *Java
(Hydrocell)* is there in JupyterLab, Notebook, VS Code and every other client of this environment.
`hydrocell help` lists the commands.
"""


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def contents(version, lib, templates):
    """Path in the wheel → bytes."""
    share = f"hydrocell-{version}.data/data/share"
    spec, home = f"{share}/jupyter/kernels/hydrocell", f"{share}/hydrocell"
    info = f"hydrocell-{version}.dist-info"
    files = {f"{home}/lib/{jar}": read(lib, jar) for jar in sorted(os.listdir(lib))}
    files |= {f"{home}/templates/{name}": read(templates, name) for name in sorted(os.listdir(templates))}
    build = hashlib.sha256(b"".join(hashlib.sha256(bytes).digest() for bytes in files.values()))
    files[f"{home}/build"] = f"{version}-{build.hexdigest()[:16]}\n".encode()
    for name in sorted(os.listdir(os.path.join(INSTALL, "kernelspec"))):
        files[f"{spec}/{name}"] = read(INSTALL, "kernelspec", name)
    files[f"{spec}/launch.py"] = read(HERE, "launch.py")
    files[f"{spec}/kernel.json"] = KERNEL.encode()
    for name in sorted(os.listdir(os.path.join(HERE, "hydrocell"))):
        if name.endswith(".py"):
            files[f"hydrocell/{name}"] = read(HERE, "hydrocell", name)
    files[f"{info}/METADATA"] = METADATA.format(version=version, readme=README).encode()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    files[f"{info}/entry_points.txt"] = ENTRY_POINTS.encode()
    files[f"{info}/licenses/LICENSE"] = read(os.path.dirname(INSTALL), "LICENSE")
    return files, info


def main(version, lib, templates, out):
    files, info = contents(version, lib, templates)
    record = ""
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    os.makedirs(out, exist_ok=True)
    wheel = os.path.join(out, f"hydrocell-{version}-py3-none-any.whl")
    with zipfile.ZipFile(wheel + ".new", "w") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, DATE)
            entry.external_attr = 0o100644 << 16
            jar = path.endswith(".jar")
            archive.writestr(entry, content, zipfile.ZIP_STORED if jar else zipfile.ZIP_DEFLATED)
    os.replace(wheel + ".new", wheel)
    print(wheel)


if __name__ == "__main__":
    main(*sys.argv[1:])
