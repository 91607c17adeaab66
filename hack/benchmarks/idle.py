"""What `switchyard up` costs while nobody asks anything: the quick start's objects and servers, no requests."""

import os
import time

import harness


def cpu_seconds(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(process):
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main():
    options = harness.options(seconds=600, settle=10)
    with harness.Up(options.program) as up:
        process = up.process.pid
        time.sleep(options.settle)
        cpu, memory, start = cpu_seconds(process), resident_mib(process), time.monotonic()
        time.sleep(options.seconds)
        share = (cpu_seconds(process) - cpu) / (time.monotonic() - start) * 100
        end = resident_mib(process)
    case = f"idle for {options.seconds} s"
    harness.report("idle", [
        harness.row(case, "CPU, % of one core", share, 5),
        harness.row(case, "memory at begin, MiB", memory),
        harness.row(case, "memory at end, MiB", end),
        harness.row(case, "memory growth, %", (end / memory - 1) * 100, 2)])


main()
