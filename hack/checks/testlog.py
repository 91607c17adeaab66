"""Says what a reader of a long test log needs: what failed, what was skipped, the ten slowest, the runner's last lines.

`testlog.py FILE CODE`, where CODE is the runner's exit code. Ends with 1 where no test ran, and with CI=true where one
was skipped that needs no more than the machine: PyPI may be out of its reach. Checks itself against a small log first.
"""

import os
import re
import sys

TIMED = re.compile(r"Test (.+?)(?: with \d+ test cases?)? (?:passed|failed) after ([0-9.]+) seconds")
SKIPPED = re.compile(r"(?:Test|Suite) .+ skipped|^skipped: ")
# What PythonClient.swift says of tests that need a package from PyPI.
OPTIONAL = "no clients from PyPI"
# Not in a line that tells of a test's start or success: its arguments may hold such words.
FAILED = re.compile(r"^(?![◇✔➜↳]).*(?:✘|error: |Fatal error)")
LAST = re.compile(r"Test run with (\d+) tests?|Executed \d+ tests?, with")


def read(lines):
    """failed, skipped (both as lines), [(seconds, test)], last lines, number of tests that the runner counts."""
    failed, skipped, timed, last, count = [], [], [], [], 0
    for line in lines:
        if LAST.search(line):
            last.append(line.strip())
            count += int(LAST.search(line)[1] or 0)
        elif SKIPPED.search(line):
            skipped.append(line.strip())
        elif TIMED.search(line):
            name, seconds = TIMED.search(line).groups()
            timed.append((float(seconds), name))
        if FAILED.search(line):
            failed.append(line.strip())
    return failed, list(dict.fromkeys(skipped)), sorted(timed, reverse=True), last, count


SAMPLE = """\
◇ Test "a" started.
✔ Test "a" passed after 0.500 seconds.
◇ Test case passing 1 argument text → "error: no" to b(_:) started.
✔ Test b() with 3 test cases passed after 1.500 seconds.
✔ Suite S passed after 9.000 seconds.
✘ Test c() recorded an issue at C.swift:1:1: Expectation failed
✘ Test c() failed after 2.000 seconds with 1 issue.
➜ Test d() skipped.
➜ Suite E skipped: "no kubectl"
skipped: no kubectl on PATH
skipped: no kubectl on PATH
✘ Test run with 4 tests in 2 suites failed after 4.000 seconds with 1 issue.
"""


def check_self():
    failed, skipped, timed, last, count = read(SAMPLE.split("\n"))
    found = (len(failed), len(skipped), timed, len(last), count)
    if found != (3, 3, [(2.0, "c()"), (1.5, "b()"), (0.5, '"a"')], 1, 4):
        sys.exit(f"testlog.py is broken: {found}")


def show(title, lines):
    if lines:
        print(f"==> {title}")
        print("\n".join("  " + line for line in lines))


def main(name, code):
    check_self()
    with open(name, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    failed, skipped, timed, last, count = read(lines)
    show("the ten slowest tests", [f"{seconds:7.2f} s  {test}" for seconds, test in timed[:10]])
    show(f"skipped: {len(skipped)}", skipped)
    # In a run that did not fail, such words are what tests provoked.
    show("what failed", failed if code != "0" else [])
    show("the runner's last lines", last or ["none: it did not come to its end"] + lines[-40:])
    if any(OPTIONAL not in line for line in skipped) and os.environ.get("CI") == "true":
        sys.exit("error: with CI=true nothing may be skipped")
    if not count:
        sys.exit("error: no test ran")


main(sys.argv[1], sys.argv[2])
