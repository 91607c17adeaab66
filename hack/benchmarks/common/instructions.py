"""Instructions that threads execute in user space, by `perf stat`: only where the machine has a counter for them.

Valgrind 3.19 cannot take perf's place: it dies where a Swift program's main thread ends (libdispatch does that).
"""

import os
import shutil
import subprocess

EVENT = "instructions:u"


def available():
    """Whether perf is installed and the processor, or the hypervisor, lets it count."""
    if shutil.which("perf") is None:
        return False
    try:
        return _parse(subprocess.run(
            ["perf", "stat", "-x,", "-e", EVENT, "true"], capture_output=True, text=True, timeout=20).stderr) is not None
    except subprocess.TimeoutExpired:
        return False


def count(process, threads, work):
    """Does `work`; its result, and what the threads whose name begins so executed meanwhile."""
    chosen = []
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            with open(f"/proc/{process}/task/{thread}/comm") as file:
                chosen += [thread] if file.read().startswith(threads) else []
        except OSError:
            continue  # It ended after it was listed.
    # It counts until its standard input ends.
    perf = subprocess.Popen(
        ["perf", "stat", "-x,", "-e", EVENT, "-t", ",".join(chosen), "cat"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        result = work()
    finally:
        _, answer = perf.communicate(timeout=20)
    value = _parse(answer)
    if value is None:
        raise SystemExit(f"perf counted nothing: {answer}")
    return result, value


def _parse(answer):
    """The count in a line of `perf stat -x,`; `None` where it could not count."""
    for line in answer.split("\n"):
        fields = line.split(",")
        if len(fields) > 2 and fields[2].startswith(EVENT.split(":")[0]) and fields[0].isdigit():
            return int(fields[0])
    return None
