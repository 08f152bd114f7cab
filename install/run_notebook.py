"""Executes a notebook with the Hydrocell kernel and prints what its cells show.

Exit code 0 when every cell ran, 1 when one failed (its error is printed), 2 for a file that is no
notebook. The notebook's session is private, so a run does not depend on earlier ones; the file stays
as it is unless --output names another to write.
"""

import argparse
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

KERNEL = "hydrocell"


def text_of(output):
    """What a terminal can show of one output."""
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return "\n".join(output.traceback) + "\n"
    data = output.data
    if "text/plain" in data:
        return data["text/plain"] + "\n"
    return "".join(f"[{kind}]\n" for kind in data)


class PrintingClient(NotebookClient):
    """Prints each output when it arrives."""

    def output(self, outs, msg, display_id, cell_index):
        out = super().output(outs, msg, display_id, cell_index)
        if out is not None:
            sys.stdout.write(text_of(out))
            sys.stdout.flush()
        return out


def main():
    parser = argparse.ArgumentParser(prog="hydrocell run", description="Runs a notebook.")
    parser.add_argument("notebook")
    parser.add_argument("--output", help="write the executed notebook to this file")
    parser.add_argument("--timeout", type=int, default=600, help="seconds a cell may take")
    arguments = parser.parse_args()
    try:
        notebook = nbformat.read(arguments.notebook, as_version=4)
    except Exception as e:
        print(f"hydrocell: {arguments.notebook} is not a notebook: {e}", file=sys.stderr)
        return 2
    folder = os.path.dirname(os.path.abspath(arguments.notebook))
    client = PrintingClient(
        notebook,
        timeout=arguments.timeout,
        kernel_name=KERNEL,
        resources={"metadata": {"path": folder}},
    )
    os.environ.pop("JPY_SESSION_NAME", None)
    code = 0
    try:
        client.execute()
    except CellExecutionError:
        code = 1
    except (DeadKernelError, RuntimeError) as e:
        print(f"hydrocell: {e}", file=sys.stderr)
        code = 1
    if arguments.output:
        nbformat.write(notebook, arguments.output)
    return code


sys.exit(main())
