"""Compares an executed notebook with the outputs that are stored in the original.

Text must be the same, but for who runs it: what is stored is Ada's. Of a picture only size and that something is
drawn, because fonts differ between machines. Usage: compare.py ORIGINAL EXECUTED
"""

import base64
import os
import pwd
import re
import struct
import sys
import zlib

import nbformat


def picture(png):
    """(width, height, whether more than one colour is in it) of a Base64 PNG."""
    raw = base64.b64decode(png)
    if raw[:8] != b"\x89PNG\r\n\x1a\n":
        return "not a PNG"
    width, height = struct.unpack(">II", raw[16:24])
    at, pixels = 8, b""
    while at < len(raw):
        size, kind = struct.unpack(">I4s", raw[at : at + 8])
        if kind == b"IDAT":
            pixels += raw[at + 8 : at + 8 + size]
        at += 12 + size
    return width, height, len(set(zlib.decompress(pixels))) > 4


def of_ada(text):
    """As if Ada had run it: shared names begin with their owner."""
    try:
        person = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        person = "?"
    return text and re.sub(rf"(?<![\w/]){re.escape(person)}/", "ada/", text)


def seen(cell):
    """What a reader sees of a cell's outputs, in comparable form."""
    streams, shown = {}, []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        elif output.output_type == "error":
            shown.append(("error", output.ename, output.evalue))
        elif "image/png" in output.data:
            shown.append(("picture", picture(output.data["image/png"])))
        else:
            shown.append(("text", of_ada(output.data.get("text/plain"))))
    return sorted(streams.items()), shown


def main(original, executed):
    expected = nbformat.read(original, as_version=4)
    actual = nbformat.read(executed, as_version=4)
    wants = [cell for cell in expected.cells if cell.cell_type == "code"]
    haves = [cell for cell in actual.cells if cell.cell_type == "code"]
    faults = []
    if len(wants) != len(haves):
        faults.append(f"{len(wants)} code cells became {len(haves)}")
    if not any(cell.outputs for cell in wants):
        faults.append(f"{original} has no stored outputs to compare with")
    for number, (want, have) in enumerate(zip(wants, haves), start=1):
        if seen(want) != seen(have):
            faults.append(
                f"code cell {number}:\n{want.source}\nexpected {seen(want)}\nbut got  {seen(have)}"
            )
    if faults:
        sys.exit("\n\n".join(faults))
    print(f"{len(wants)} cells of {original} show what they should")


if __name__ == "__main__":
    main(*sys.argv[1:])
