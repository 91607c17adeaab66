"""Counts a process's allocations and system calls, whatever the machine's speed: builds counter.c and reads its file."""

import mmap
import os
import shutil
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SLOTS = 512
FIELDS = ("thread", "allocations", "bytes", "frees", "data", "waits", "polls", "random")
SLOT = struct.Struct(f"={len(FIELDS)}Q")


class Counter:
    """A folder's counter: `environment` is what a process needs to be counted."""

    def __init__(self, folder):
        library, self.path = os.path.join(folder, "counter.so"), os.path.join(folder, "counts")
        compiler = shutil.which("clang") or shutil.which("cc") or sys.exit("no C compiler on PATH: neither clang nor cc")
        source = os.path.join(HERE, "counter.c")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        with open(self.path, "wb") as file:
            file.truncate(SLOTS * SLOT.size)
        self.environment = {"LD_PRELOAD": library, "SWITCHYARD_COUNTER": self.path}

    def read(self, process, threads=""):
        """What the threads of a process whose name begins so have asked for since it began, by field."""
        names = {}
        for thread in os.listdir(f"/proc/{process}/task"):
            try:
                with open(f"/proc/{process}/task/{thread}/comm") as file:
                    names[int(thread)] = file.read().strip()
            except OSError:
                continue  # It ended after it was listed.
        total = dict.fromkeys(FIELDS[1:], 0)
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
            for number in range(SLOTS):
                thread, *counts = SLOT.unpack_from(memory, number * SLOT.size)
                if names.get(thread, "\0").startswith(threads):
                    for field, count in zip(FIELDS[1:], counts):
                        total[field] += count
        return total


def difference(after, before):
    return {field: after[field] - before[field] for field in after}
