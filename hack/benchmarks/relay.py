"""What relaying a request costs: chat requests of 1 KB to ten model servers with real metrics pages, beside nginx and Envoy.

Ours reads the model's name from the body, matches a route on it, picks one of ten endpoints whose metrics it reads, and
runs the local cluster in the same process; the peers are plain proxies to the same ten. All run at once and are asked
in turn. Counted in a run of its own: what a request asks of the allocator and of the kernel, by the threads that relay.
"""

import contextlib
import statistics
import tempfile
import time

from common import counter, harness, instructions, load, servers, usage

CASE = "1 KB chat, 32 connections"
COUNTED = "a 1 KB chat request"
# What the threads of the event loops are called.
LOOPS = "NIO-ELT"
# What a request may cost, whatever the machine. Measured: 1.04 allocations of 37 bytes, with those of the connections; a
# slower machine shares those among fewer requests.
BUDGETS = {"allocations": 1.5, "bytes": 120, "data": 4.4, "polls": 0.1, "random": 0.1}

# Ours is the multiple of a peer's; the quotient of two CPU times moves less with the machine than the times do.
CPU_RATIOS = {"nginx": 2.5, "Envoy": 0.75}


def up(program, folder, **options):
    harness.manifests(
        folder, harness.gateway(), harness.pool("bench"),
        harness.route("bench", harness.rule(servers.MODEL, "bench")))
    endpoints = [f"--endpoint=bench={address}:{port}" for address, port in servers.MODEL_SERVERS]
    return harness.Up(program, "--replicas", "0", "--manifests", folder, *endpoints, **options)


def wait_for_endpoints(gateway):
    """Until the gateway answers: its pool has endpoints."""
    deadline = time.monotonic() + 120
    while load.ask(*gateway) != 200:
        if time.monotonic() > deadline:
            raise SystemExit("the gateway answers nothing but errors after 120 s")
        time.sleep(0.1)


def address(run):
    return run.gateway.hostname, run.gateway.port or 80


def counted(program, seconds):
    """What one request asks of allocator, kernel and, where that can be counted, processor."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(servers.model_servers())
        tool = counter.Counter(folder)
        run = stack.enter_context(up(program, folder, environment=tool.environment))
        wait_for_endpoints(address(run))
        load.run(*address(run), 2)
        before = tool.read(run.process.pid, LOOPS)
        result = load.run(*address(run), seconds)
        counts = counter.difference(tool.read(run.process.pid, LOOPS), before)
    requests = result["requests"]
    return [
        harness.row(COUNTED, "failed", result["failed"], 0),
        harness.row(COUNTED, "allocations", counts["allocations"] / requests, BUDGETS["allocations"]),
        harness.row(COUNTED, "bytes allocated", counts["bytes"] / requests, BUDGETS["bytes"]),
        harness.row(COUNTED, "reads and writes (system calls)", counts["data"] / requests, BUDGETS["data"]),
        harness.row(COUNTED, "epoll_ctl (system calls)", counts["polls"] / requests, BUDGETS["polls"]),
        harness.row(COUNTED, "getrandom (system calls)", counts["random"] / requests, BUDGETS["random"]),
        harness.row(COUNTED, "waits for events (system calls)", counts["waits"] / requests)]


def instruction_rows(program, seconds):
    """Without the counter, whose own instructions would be counted; no budget: processors differ too much."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(servers.model_servers())
        run = stack.enter_context(up(program, folder))
        wait_for_endpoints(address(run))
        load.run(*address(run), 2)
        result, count = instructions.count(run.process.pid, LOOPS, lambda: load.run(*address(run), seconds))
    return [harness.row(COUNTED, "instructions in user space", count / result["requests"])]


def compared(program, rounds, seconds):
    """Rates, CPU and latencies beside the peers', in alternating rounds."""
    results = {}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(servers.model_servers())
        run = stack.enter_context(up(program, folder))
        contenders = {"switchyard": (address(run), run.process.pid)}
        peer = stack.enter_context(servers.nginx_proxy())
        contenders["nginx"] = (peer.address, peer.process.pid)
        if servers.envoy_program():
            peer = stack.enter_context(servers.envoy_proxy())
            contenders["Envoy"] = (peer.address, peer.process.pid)
        wait_for_endpoints(address(run))
        for target, _ in contenders.values():
            load.run(*target, 2)
        order = list(contenders)
        for _ in range(rounds):
            for name in order:
                target, process = contenders[name]
                cpu = usage.cpu_seconds(process)
                result = load.run(*target, seconds)
                result["cpu"] = (usage.cpu_seconds(process) - cpu) / result["requests"] * 1e6
                result["rate"] = result["requests"] / result["seconds"]
                result["memory"] = usage.resident_mib(process)
                results.setdefault(name, []).append(result)
            order.append(order.pop(0))
    return compared_rows(results)


def compared_rows(results):
    rows = []
    for peer in [name for name in results if name != "switchyard"]:
        ratios = [ours["rate"] / theirs["rate"] for ours, theirs in zip(results["switchyard"], results[peer])]
        rows.append(harness.row(CASE, f"rate, of {peer}'s", statistics.median(ratios)))
        costs = [ours["cpu"] / theirs["cpu"] for ours, theirs in zip(results["switchyard"], results[peer])]
        rows.append(harness.row(CASE, f"CPU a request, of {peer}'s", statistics.median(costs), CPU_RATIOS[peer]))
    for name, rounds in results.items():
        case = f"{CASE}: {name}"
        for key, figure in (("rate", "requests/s"), ("cpu", "CPU a request, µs"), ("p50", "p50, ms"), ("p99", "p99, ms")):
            rows.append(harness.row(case, figure, statistics.median(each[key] for each in rounds)))
        rows.append(harness.row(case, "memory at the end, MiB", rounds[-1]["memory"]))
        rows.append(harness.row(case, "failed", sum(each["failed"] for each in rounds), 0))
    return rows


def main():
    options = harness.options(__doc__, {"rounds": 0}, rounds=3, seconds=10)
    print("model servers, and a peer:", servers.version(servers.nginx_program()))
    rows = counted(options.program, 8)
    if instructions.available():
        rows += instruction_rows(options.program, 8)
    else:
        print("instructions: not counted, perf is missing or has no counter on this machine")
    if options.rounds:
        envoy = servers.envoy_program()
        print("a peer:", servers.version(envoy) if envoy else "NO ENVOY; it could not be had from PyPI")
        rows = compared(options.program, options.rounds, options.seconds) + rows
    harness.report("relay", rows)


main()
