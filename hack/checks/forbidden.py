"""Finds what our Swift may not hold: `forbidden.py FILE…`. Checks itself against a table of cases first, each time.

Some constructs switch a check of the compiler off. Outside of tests they need a comment that proves them safe, which
ends on the line directly above them; this program sees that there is one, a reader whether it proves anything. Others
are never right, whatever a comment says, in tests neither.
"""

import re
import sys

# In code, outside of tests: needs a proof.
PROOF = re.compile(
    r"@unchecked\b|nonisolated\(unsafe\)|\btry[?!]|\bfatalError\("
    r"|\bTask(<.*>)?( *[({]|\.(init|detached|immediate|immediateDetached)\b)")
# In code, tests included, with the cure. A lazy compactMap asks its closure twice about each element, to filter and to
# map, and traps where the second answer is nil. Its old name, flatMap over optionals, the compiler refuses.
NEVER = [
    (re.compile(r"bufferingPolicy: *\.unbounded"), "give it a bound"),
    (re.compile(r"\.lazy(\.\w+(\([^()]*\)| ?\{[^{}]*\})?)*\.compactMap\b"), "use an eager compactMap or a loop"),
]
# In comments too.
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")


class Scanner:
    """Tells code from comments and text, line by line. What a text interpolates is code."""

    def __init__(self):
        self.texts = []  # the texts we are in: [quotation marks, their #, parentheses open in its interpolation]
        self.comments = 0  # how deep in /* */

    def split(self, line):
        """The code of a line with its texts emptied, and whether the line has a comment."""
        code, comment, at = [], self.comments > 0, 0
        while at < len(line):
            if self.comments:
                at += self.in_comment(line[at:])
            elif self.texts and not self.texts[-1][2]:
                at += self.in_text(line[at:], code)
            elif line.startswith("//", at):
                comment = True
                break
            else:
                at += self.in_code(line[at:], code)
                comment = comment or self.comments > 0
        if self.texts and self.texts[-1][0] == '"' and not self.texts[-1][2]:
            self.texts.pop()  # It does not go on in the next line; the compiler says so, not we.
        return "".join(code), comment

    def in_comment(self, rest):
        """How far it went, as the two below tell."""
        if not rest.startswith(("/*", "*/")):
            return 1
        self.comments += 1 if rest[0] == "/" else -1
        return 2

    def in_text(self, rest, code):
        marks, hashes, _ = self.texts[-1]
        if rest.startswith(marks + hashes):
            self.texts.pop()
            code.append('"')
            return len(marks + hashes)
        if not rest.startswith("\\" + hashes):
            return 1
        if rest.startswith("(", 1 + len(hashes)):
            self.texts[-1][2] = 1
            code.append("(")
        return 2 + len(hashes)

    def in_code(self, rest, code):
        if rest.startswith("/*"):
            self.comments = 1
            return 2
        text = re.match(r'(#*)("""(?=\s*$)|")', rest)
        if text:
            self.texts.append([text[2], text[1], 0])
            code.append('"')
            return text.end()
        if self.texts and rest[0] in "()":
            self.texts[-1][2] += 1 if rest[0] == "(" else -1
        code.append(rest[0])
        return 1


def chained(chain, code):
    """How much of a chain of calls the lines before had, and the chain with one more line, which may begin another."""
    if not code:
        return len(chain), chain
    return (len(chain), chain + code) if code.startswith(".") else (0, code)


def faults(lines, is_test=False):
    """(line number, what is wrong), from 1."""
    scanner, proven_by_line_above, chain = Scanner(), False, ""
    for number, line in enumerate(lines, 1):
        code, has_comment = scanner.split(line)
        before, chain = chained(chain, code.strip())
        if UNFINISHED.search(line):
            yield number, "not allowed"
        for pattern, cure in NEVER:
            if any(match.end() > before for match in pattern.finditer(chain)):
                yield number, f"not allowed, {cure}"
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
    ("let a = Task<Result<A, B>, Never> { await f() }", [1]),
    ("Task<Void, Never>.detached { await f() }", [1]),
    ("Task.immediate { await f() }", [1]),
    ("let a: [Task<Void, Never>] = []", []),
    ("try await Task.sleep(for: .seconds(1))", []),
    ("if Task.isCancelled { return }", []),
    ("fatalError(\"no\")", [1]),
    ("retry?.cancel()", []),
    ("let a = \"try? is text, // no comment\"", []),
    ("let a = \"http://x\"; let b = try? f()", [1]),
    ("let a = \"a \\\" b\"; let b = try? f()", [1]),
    ("let a = \"\"\"\n  try? is text\n  \"\"\"\nlet b = try? f()", [4]),
    ("let a = \"\\(try! f())\"", [1]),
    ("let a = \"\\(b(\")\")) try? is text\"", []),
    ("let a = \"\\(b(\")\") + (try? f()))\"", [1]),
    ("let a = \"\\(b) is \\(c[\"\\(try? f())\"])\"", [1]),
    ("let a = \"\\(\n  b)\"; let c = try? f()", [2]),
    ("let a = \"\"\"\n  try? is text, \\(try? f())\n  \\(b) try?\n  \"\"\"", [2]),
    ("let a = #\"\\\"#; let b = try? f()", [1]),
    ("let a = #\"\" \\(try? is text) \\#(try? f())\"#", [1]),
    ("let a = #\"\" \\(try? is text) \\#(b) try?\"#", []),
    ("let a = #\"\"\"#; let b = try? f()", [1]),
    ("let a = ##\"\"\"\n  \"\"\"# try? is text\n  \"\"\"##; let b = try? f()", [3]),
    ("let a = \"\", b = \"\"; let c = try? f()", [1]),
    ("// In prose: Task {} and try? are only words.", []),
    ("let a = AsyncStream(Int.self, bufferingPolicy: .unbounded) { _ in }", [1]),
    ("// Proof.\nlet a = AsyncStream(Int.self, bufferingPolicy: .unbounded) { _ in }", [2]),
    ("let a = b.lazy.compactMap { c[$0] }.first", [1]),
    ("// Proof.\nlet a = b.lazy.compactMap(c).first", [2]),
    ("let a = b.lazy.filter { $0 > 1 }.compactMap(c).first", [1]),
    ("let a = b.lazy.map(\\.key).filter(c).compactMap(d).first", [1]),
    ("let a = b.lazy\n  .compactMap { c[$0] }\n  .first", [2]),
    ("let a = b\n  .lazy\n  // Why.\n  .filter(c)\n\n  .compactMap(d)", [6]),
    ("let a = b.compactMap { $0.lazy.map(c).first }", []),
    ("let a = b.lazy.map(c).first\nlet d = e.compactMap(f)", []),
    ("let a = (b.lazy.map(c).first, d.compactMap(e))", []),
    ("let a = Array(b.lazy.map(c)).compactMap(d)", []),
    ("for a in b.lazy.flatMap(\\.c).flatMap(\\.d) {", []),
    ("// b.lazy.compactMap is a word here", []),
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
