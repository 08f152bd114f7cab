"""Runs every Java block of the guide, in order, as cells of one notebook. Usage: guide.py FILE"""

import re
import sys
import tempfile

from notebook import Notebook

BLOCK = re.compile(r"^```java( error)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(guide):
    with open(guide) as file:
        blocks = BLOCK.findall(file.read())
    if len(blocks) < 10:
        raise AssertionError(f"only {len(blocks)} blocks in {guide}")
    with tempfile.TemporaryDirectory(prefix="hc-guide-") as folder:
        notebook = Notebook(folder)
        for fails, source in blocks:
            outcome = notebook.run(source.rstrip("\n"), 300)
            expected = "error" if fails else "ok"
            if outcome.status != expected:
                raise AssertionError(
                    f"ends {outcome.status}, not {expected}:\n{source}\n{outcome.error}\n{outcome.text}"
                )
        notebook.close()
    print(f"{len(blocks)} blocks ran")


if __name__ == "__main__":
    main(sys.argv[1])
