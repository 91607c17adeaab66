"""What one request asks of allocator, kernel and, where that can be counted, processor: the same on every machine."""

import contextlib
import tempfile

from common import counter, harness, instructions, load, servers
from common.contest import LOOPS, ours

CASE = "a 1 KB chat request"
# Measured: 1.04 allocations of 37 bytes, with those of the connections; a slower machine shares those among fewer requests.
BUDGETS = {"allocations": 1.5, "bytes": 120, "data": 4.4, "polls": 0.1, "random": 0.1}
FIGURES = {
    "allocations": "allocations", "bytes": "bytes allocated", "data": "reads and writes (system calls)",
    "polls": "epoll_ctl (system calls)", "random": "getrandom (system calls)"}


def run(program, seconds):
    rows = _asked(program, seconds)
    if instructions.available():
        return rows + _instructions(program, seconds)
    print("instructions: not counted, perf is missing or has no counter on this machine")
    return rows


def _asked(program, seconds):
    with contextlib.ExitStack() as stack:
        tool = counter.Counter(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(servers.model_servers())
        run = stack.enter_context(ours(program, environment=tool.environment))
        load.run(*run.address, 2)
        before = tool.read(run.process, LOOPS)
        result = load.run(*run.address, seconds)
        counts = counter.difference(tool.read(run.process, LOOPS), before)
    requests = result["requests"]
    return [
        harness.row(CASE, "failed", result["failed"], 0),
        *[harness.row(CASE, figure, counts[key] / requests, BUDGETS[key]) for key, figure in FIGURES.items()],
        harness.row(CASE, "waits for events (system calls)", counts["waits"] / requests)]


def _instructions(program, seconds):
    """Without the counter, whose own instructions would be counted; no budget: processors differ too much."""
    with servers.model_servers(), ours(program) as run:
        load.run(*run.address, 2)
        result, count = instructions.count(run.process, LOOPS, lambda: load.run(*run.address, seconds))
    return [harness.row(CASE, "instructions in user space", count / result["requests"])]
