"""Reads the names of surefire reports from standard input; fails for a skipped test or for none."""

import sys
import xml.etree.ElementTree as ElementTree


def main():
    total, skipped = 0, []
    for name in sys.stdin.read().splitlines():
        for case in ElementTree.parse(name).getroot().iter("testcase"):
            total += 1
            if case.find("skipped") is not None:
                skipped.append(f"{case.get('classname')}.{case.get('name')}")
    if skipped:
        sys.exit("skipped tests count as failures:\n  " + "\n  ".join(skipped))
    if total == 0:
        sys.exit("no test ran")
    print(f"{total} tests ran, none was skipped")


main()
