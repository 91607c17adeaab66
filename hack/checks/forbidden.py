"""Finds what our Swift may not hold: `forbidden.py FILE…`. Checks itself against a table of cases first, each time.

Some constructs switch a check of the compiler off. They may stand where a comment proves them safe: on the same line,
or in a comment that ends on the line directly above. Others are never right.
"""

import re
import sys

# In code, outside of tests: needs a proof.
PROOF = re.compile(
    r"@unchecked Sendable|nonisolated\(unsafe\)|\bTask\.detached\b|\btry[?!]|\bfatalError\(|\bTask(<[^>]*>)? *[({]")
# In code.
NEVER = re.compile(r"bufferingPolicy: *\.unbounded")
# In comments too.
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")


class Scanner:
    """Tells code from comments and text, line by line."""

    def __init__(self):
        self.in_text = False  # between two lines of three quotation marks
        self.in_comment = 0  # how deep in /* */

    def split(self, line):
        """The code of a line with its texts emptied, and whether the line has a comment."""
        code, comment, at = [], self.in_comment > 0, 0
        while at < len(line):
            rest = line[at:]
            if self.in_text:
                end = rest.find('"""')
                if end < 0:
                    break
                self.in_text, at = False, at + end + 3
            elif self.in_comment:
                if rest.startswith("*/") or rest.startswith("/*"):
                    self.in_comment += 1 if rest[0] == "/" else -1
                    at += 1
                at += 1
            elif rest.startswith("//"):
                return "".join(code), True
            elif rest.startswith("/*"):
                self.in_comment, comment, at = 1, True, at + 2
            elif rest.startswith('"""'):
                self.in_text, at = True, at + 3
            elif rest[0] == '"':
                text = re.match(r'"(\\.|[^"\\])*"?', rest)
                code.append('""')
                at += text.end()
            else:
                code.append(rest[0])
                at += 1
        return "".join(code), comment


def faults(lines, is_test=False):
    """(line number, what is wrong), from 1."""
    scanner, proven_by_line_above = Scanner(), False
    for number, line in enumerate(lines, 1):
        code, has_comment = scanner.split(line)
        if UNFINISHED.search(line):
            yield number, "not allowed"
        if NEVER.search(code):
            yield number, "not allowed"
        if PROOF.search(code) and not is_test and not proven_by_line_above:
            yield number, "needs a comment directly above that proves it safe"
        proven_by_line_above = has_comment and not code.strip()


# Source, and the lines in which something is found.
CASES = [
    ("let a = try? f()", [1]),
    ("// Proof.\nlet a = try? f()", []),
    ("let a = try? f()  // Proof.", [1]),
    ("// Proof.\n\nlet a = try? f()", [3]),
    ("// Proof.\nlet b = 1\nlet a = try? f()", [3]),
    ("let b = 1  // About b.\nlet a = try! f()", [2]),
    ("/* Proof,\n   long. */\nlet a = try! f()", []),
    ("/// Proof.\nfinal class A: @unchecked Sendable {}", []),
    ("final class A: @unchecked Sendable {}", [1]),
    ("nonisolated(unsafe) var a = 1", [1]),
    ("Task { await f() }", [1]),
    ("let a = Task { await f() }", [1]),
    ("let a = Task<Void, Never> { await f() }", [1]),
    ("Task(priority: .high) { await f() }", [1]),
    ("Task.detached { await f() }", [1]),
    ("try await Task.sleep(for: .seconds(1))", []),
    ("if Task.isCancelled { return }", []),
    ("fatalError(\"no\")", [1]),
    ("retry?.cancel()", []),
    ("let a = \"try? is text, // no comment\"", []),
    ("let a = \"http://x\"; let b = try? f()", [1]),
    ("let a = \"a \\\" b\"; let b = try? f()", [1]),
    ("let a = \"\"\"\n  try? is text\n  \"\"\"\nlet b = try? f()", [4]),
    ("// In prose: Task {} and try? are only words.", []),
    ("let a = AsyncStream(Int.self, bufferingPolicy: .unbounded) { _ in }", [1]),
    ("// Proof.\nlet a = AsyncStream(Int.self, bufferingPolicy: .unbounded) { _ in }", [2]),
    ("// TO" + "DO: later", [1]),
    ("let a = 1  // FIX" + "ME", [1]),
    ("let todo = 1", []),
]


def check_self():
    for source, expected in CASES:
        found = [number for number, _ in faults(source.split("\n"))]
        if found != expected:
            sys.exit(f"forbidden.py is broken: it finds lines {found} instead of {expected} in\n{source}")


def main(files):
    check_self()
    bad = False
    for name in files:
        with open(name, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for number, what in faults(lines, is_test=name.startswith("Tests/")):
            print(f"{name}:{number}: {what}: {lines[number - 1].strip()}")
            bad = True
    sys.exit(1 if bad else 0)


main(sys.argv[1:])
