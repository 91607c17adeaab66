"""The table of hack/conformance: what became of each test of a suite, read from the log of its run."""

import re
import sys

RESULT = re.compile(r"^    --- (PASS|FAIL|SKIP): TestConformance/(\S+)")
# The test that a line of output belongs to from here on, and where one was begun.
NAMED = re.compile(r"^=== (?:RUN|NAME|CONT)\s+TestConformance/([^/\s]+)")
ASSERTION = re.compile(r"^\s+(?:Error|Messages):\s+(\S.*)")


def read(lines):
    """Results by test, and the first failed assertion of each."""
    results, why, current = {}, {}, None
    for line in lines:
        if found := NAMED.match(line):
            current = found[1]
        elif found := RESULT.match(line):
            results[found[2]] = found[1]
        elif (found := ASSERTION.match(line)) and current:
            why.setdefault(current, found[1].strip())
    return results, why


def main():
    with open(sys.argv[1], errors="replace") as file:
        results, why = read(file)
    if not results:
        sys.exit("the suite ran no test: its log says why")
    width = max(map(len, results))
    for name, result in sorted(results.items(), key=lambda each: (each[1] != "FAIL", each[1], each[0])):
        print(f"{result:<5} {name:<{width}}  {why.get(name, '') if result == 'FAIL' else ''}".rstrip())
    counts = {result: list(results.values()).count(result) for result in ("PASS", "FAIL", "SKIP")}
    print(f"{counts['PASS']} pass, {counts['FAIL']} fail, {counts['SKIP']} skipped")
    sys.exit(1 if counts["FAIL"] else 0)


main()
