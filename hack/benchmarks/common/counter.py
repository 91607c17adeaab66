"""Counts a process's allocations and system calls, whatever the machine's speed: builds counter.c and reads its file."""

import mmap
import os
import struct

from common import native

SLOTS = 512
FIELDS = ("thread", "allocations", "bytes", "frees", "data", "waits", "polls", "random")
SLOT = struct.Struct(f"={len(FIELDS)}Q")


class Counter:
    """A folder's counter: `environment` is what a process needs to be counted."""

    def __init__(self, folder):
        library, self.path = native.built("counter", folder, "-shared", "-fPIC", "-ldl"), os.path.join(folder, "counts")
        with open(self.path, "wb") as file:
            file.truncate(SLOTS * SLOT.size)
        self.environment = {"LD_PRELOAD": library, "SWITCHYARD_COUNTER": self.path}

    def read(self, process, threads=""):
        """What threads of a process have asked for since they began, for `difference`.

        Those that are alive and whose name begins so; without a name, all that there ever were.
        """
        names = {}
        for thread in os.listdir(f"/proc/{process}/task"):
            try:
                with open(f"/proc/{process}/task/{thread}/comm") as file:
                    names[int(thread)] = file.read().strip()
            except OSError:
                continue  # It ended after it was listed.
        counts = {}
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
            for number in range(SLOTS):
                thread, *fields = SLOT.unpack_from(memory, number * SLOT.size)
                if not threads or names.get(thread, "\0").startswith(threads):
                    counts[number] = fields
        return counts


def difference(after, before):
    """What was asked for between two readings, by field; a thread that ended in between takes nothing away."""
    total = dict.fromkeys(FIELDS[1:], 0)
    for slot, counts in after.items():
        for field, now, then in zip(total, counts, before.get(slot, [0] * len(counts))):
            total[field] += now - then
    return total
