"""What processes use, from /proc: CPU, memory, how often they wake."""

import os


def family(process):
    """A process and its children: nginx works in those."""
    with open(f"/proc/{process}/task/{process}/children") as file:
        return [process] + [int(child) for child in file.read().split()]


def _stat(process):
    with open(f"/proc/{process}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


def cpu_seconds(process):
    """User and system time of a process and its children."""
    return sum(sum(map(int, _stat(each)[11:13])) for each in family(process)) / os.sysconf("SC_CLK_TCK")


def thread_seconds(process, threads):
    """CPU time of a process's threads whose name begins so."""
    nanoseconds = 0
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            with open(f"/proc/{process}/task/{thread}/comm") as name, open(f"/proc/{process}/task/{thread}/schedstat") as file:
                nanoseconds += int(file.read().split()[0]) if name.read().startswith(threads) else 0
        except OSError:
            continue  # It ended after it was listed.
    return nanoseconds / 1e9


def forget_peak(process):
    """From now on `peak_mb` counts anew."""
    with open(f"/proc/{process}/clear_refs", "w") as file:
        file.write("5")


def peak_mb(process):
    """The most resident memory that a process has had, in millions of bytes."""
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) * 1024 / 1e6


def resident_mib(process):
    """Resident memory of a process and its children."""
    pages = 0
    for each in family(process):
        with open(f"/proc/{each}/statm") as file:
            pages += int(file.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def wakeups(process):
    """How often each living thread of a process has gone to sleep, and so was woken."""
    counts = {}
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            with open(f"/proc/{process}/task/{thread}/status") as file:
                counts[thread] = sum(
                    int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
        except OSError:
            continue  # It ended after it was listed.
    return counts


def wakeups_since(before, process):
    """How often the threads that live now were woken since `wakeups` said `before`; one that ended takes nothing away."""
    return sum(count - before.get(thread, 0) for thread, count in wakeups(process).items())
