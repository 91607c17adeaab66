"""What load makes the gateway hold: connections that idle, bodies that their servers take slowly."""

from common import clients, harness, load, servers, usage
from common.contest import ours

# docs/delivery.md: a body is kept for another attempt up to 1 MiB; what is on its way between two sockets comes on top.
KEPT_MIB, ON_THE_WAY_MIB = 1, 0.25


def idle(program, connections, reach=12):
    case = f"{connections} idle connections, each after a 220 KB prompt"
    # A slow machine takes longer than the default to open them all.
    patience = {"SWITCHYARD_CLIENT_IDLE_TIMEOUT": "600"}
    with servers.model_servers(), ours(program, environment=patience) as run:
        load.run(*run.address, 3, connections=16, repeats=load.LONG)
        before = usage.resident_mib(run.process)
        after, failed = clients.idle(run.address, connections, lambda: usage.resident_mib(run.process))
    return [
        harness.row(case, "memory of each, KB", (after - before) * 2**20 / 1000 / connections, reach),
        harness.row(case, "failed", failed, 0),
        harness.row(case, "memory before, MiB", before),
        harness.row(case, "memory with them, MiB", after)]


def bodies(program, count):
    case = f"2 MB bodies, {count} at once, servers that take 64 KiB each 100 ms"
    with servers.model_servers(pause=0.1), ours(program) as run:
        usage.forget_peak(run.process)
        before = usage.peak_mb(run.process)
        failed = clients.uploads(run.address, count, 2_000_000)
        growth = (usage.peak_mb(run.process) - before) * 1e6 / 2**20
    return [
        harness.row(case, "growth at most, MiB", growth, count * (KEPT_MIB + ON_THE_WAY_MIB)),
        harness.row(case, "failed", failed, 0),
        harness.row(case, "memory before, MiB", before * 1e6 / 2**20)]
