"""What `switchyard up` costs while nobody asks anything: the quick start's objects and servers, no requests."""

import tempfile
import time

from common import counter, harness, usage

# A second of idleness: measured on two cores on the day this was written, and half as much more, since event loops and
# worker threads go by the number of cores and by what else runs.
BUDGETS = {"wakeups": 290, "calls": 360, "allocations": 7200}


def counted(program, settle, seconds):
    """What the whole process asks of allocator and kernel while it idles."""
    with tempfile.TemporaryDirectory() as folder:
        tool = counter.Counter(folder)
        with harness.Up(program, environment=tool.environment) as up:
            process = up.process.pid
            time.sleep(settle)
            before, woken, start = tool.read(process), usage.wakeups(process), time.monotonic()
            time.sleep(seconds)
            counts = counter.difference(tool.read(process), before)
            woken, seconds = usage.wakeups_since(woken, process), time.monotonic() - start
    calls = sum(counts[field] for field in ("data", "waits", "polls", "random"))
    case = "an idle second"
    return [
        harness.row(case, "threads woken", woken / seconds, BUDGETS["wakeups"]),
        harness.row(case, "system calls", calls / seconds, BUDGETS["calls"]),
        harness.row(case, "allocations", counts["allocations"] / seconds, BUDGETS["allocations"])]


def measured(program, settle, seconds):
    """CPU and memory over a long time."""
    with harness.Up(program) as up:
        process = up.process.pid
        time.sleep(settle)
        cpu, memory, start = usage.cpu_seconds(process), usage.resident_mib(process), time.monotonic()
        time.sleep(seconds)
        share = (usage.cpu_seconds(process) - cpu) / (time.monotonic() - start) * 100
        end = usage.resident_mib(process)
    case = f"idle for {seconds} s"
    return [
        harness.row(case, "CPU, % of one core", share, 5),
        harness.row(case, "memory at begin, MiB", memory),
        harness.row(case, "memory at end, MiB", end),
        harness.row(case, "memory growth, %", (end / memory - 1) * 100, 2)]


def main():
    options = harness.options(__doc__, {"seconds": 0}, seconds=600, settle=10, counted=30)
    rows = counted(options.program, options.settle, options.counted)
    if options.seconds:
        rows = measured(options.program, options.settle, options.seconds) + rows
    harness.report("idle", rows)


main()
