"""Whether requests survive edits: concurrent SSE streams while pods, routes and pools change every 200 ms.

One pod of the pool is ready at all times and the stream's route always leads to the pool, so no request may fail. The
edits: readiness of the other pods, a pod deleted and created, a label of the pool, a rule added to and taken from the
route, a second route.
"""

import tempfile
import threading
import time

from common import counter, harness
from common.harness import API, PODS, POOL_API

ROUTES = f"{harness.GATEWAY_API}/httproutes"
ADDRESSES = [f"{harness.POD_NETWORK}.200.{number}" for number in (1, 2, 3)]
BASE = harness.rule("bench", "bench")


# What a relayed event may cost: measured on the day this was written, and a tenth more; a quarter for reads and writes,
# as a busy machine cuts the bytes into other pieces.
BUDGETS = {"allocations": 0.8, "data": 3.2}


class Streams:
    def __init__(self, up):
        self.up, self.stop = up, threading.Event()
        self.lock, self.whole, self.failures = threading.Lock(), 0, []

    def run(self):
        client = self.up.client(timeout=20)
        while not self.stop.is_set():
            try:
                status, body = harness.completion(client, "bench", stream=True)
                failure = None if status == 200 and body.endswith(b"data: [DONE]\n\n") else f"{status} {body[-200:]!r}"
            except OSError as error:
                failure = f"{type(error).__name__}: {error}"
            except harness.http.client.HTTPException as error:
                failure = f"{type(error).__name__}: {error}"
            if failure:
                client.close()
            with self.lock:
                self.whole += failure is None
                self.failures += [failure] if failure else []


def edit(api, number):
    """The pod bench-1 is never touched."""
    step = number % 8
    if step in (0, 1):
        api.patch(f"{PODS}/bench-2/status", harness.readiness(step == 1, ADDRESSES[1]))
    elif step == 2:
        api.call("DELETE", f"{PODS}/bench-3?gracePeriodSeconds=0")
    elif step == 3:
        harness.create_pod(api, "bench-3", "bench", ADDRESSES[2])
    elif step == 4:
        api.patch(f"{POOL_API}/bench", {"metadata": {"labels": {"edit": str(number)}}})
    elif step in (5, 6):
        extra = [harness.rule(f"extra-{number}", "bench")] if step == 5 else []
        api.patch(f"{ROUTES}/bench", {"spec": {"rules": extra + [BASE]}})
    elif number % 16 == 7:
        api.call("POST", ROUTES, harness.route("other", harness.rule("other", "bench")))
    else:
        api.call("DELETE", f"{ROUTES}/other")


def counted(tool, process, seconds):
    """What one event asks of allocator and kernel while nothing is edited: its share of the request included."""
    before, sent = tool.read(process, "NIO-ELT"), harness.ModelServer.sent
    time.sleep(seconds)
    counts, events = counter.difference(tool.read(process, "NIO-ELT"), before), harness.ModelServer.sent - sent
    case = "a relayed event"
    return [
        harness.row(case, "allocations", counts["allocations"] / events, BUDGETS["allocations"]),
        harness.row(case, "reads and writes (system calls)", counts["data"] / events, BUDGETS["data"])]


def main():
    options = harness.options(__doc__, {"seconds": 20}, seconds=60, streams=32)
    for address in ADDRESSES:
        harness.ModelServer(address)
    with tempfile.TemporaryDirectory() as folder:
        tool = counter.Counter(folder)
        objects = harness.manifests(
            f"{folder}/objects", harness.gateway(), harness.pool("bench"), harness.route("bench", BASE))
        with harness.Up(
                options.program, "--replicas", "0", "--manifests", objects, environment=tool.environment) as up:
            api = API(up.kubeconfig)
            for number, address in enumerate(ADDRESSES):
                harness.create_pod(api, f"bench-{number + 1}", "bench", address)
            client, deadline = up.client(), time.monotonic() + 10
            while harness.completion(client, "bench")[0] != 200 and time.monotonic() < deadline:
                time.sleep(0.05)
            streams = Streams(up)
            threads = [threading.Thread(target=streams.run) for _ in range(options.streams)]
            for thread in threads:
                thread.start()
            edits = 0
            try:
                time.sleep(1)
                rows = counted(tool, up.process.pid, 8)
                start = time.monotonic()
                while time.monotonic() - start < options.seconds:
                    edit(api, edits)
                    edits += 1
                    time.sleep(max(0, start + edits * 0.2 - time.monotonic()))
            finally:
                streams.stop.set()
                for thread in threads:
                    thread.join()
    for failure in sorted(set(streams.failures))[:5]:
        print("failed:", failure)
    case = f"{options.streams} streams, {options.seconds} s"
    harness.report("streams", rows + [
        harness.row(case, "edits made", edits),
        harness.row(case, "streams relayed whole", streams.whole, met=streams.whole > 0),
        harness.row(case, "streams failed", len(streams.failures), 0)])


main()
