"""What a large cluster costs `switchyard controller`: 2,000 HTTPRoutes, 500 pools, 10,000 pods, 2,000 models, 1,000 nodes.

The objects come from a replay server in this process, so that CPU and memory are the controller's alone. Each form is a
cold start, the writing of all statuses, a minute without any change, and pods that flip at an even pace.
"""

import http.client
import os
import re
import subprocess
import tempfile
import threading
import time

from common import fleet, harness, replay, usage

KUBECONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: replay, cluster: {{server: "{server}"}}}}]
contexts: [{{name: replay, context: {{cluster: replay, user: nobody}}}}]
users: [{{name: nobody, user: {{}}}}]
current-context: replay
"""


class Controller:
    """A controller of the cluster that the server replays, and its admin page."""

    def __init__(self, program, server, folder):
        path = os.path.join(folder, "kubeconfig")
        with open(path, "w") as file:
            file.write(KUBECONFIG.format(server=server.url))
        self.port = harness.free_port()
        self.log = open(os.path.join(folder, "log"), "w+")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [program, "controller", "--kubeconfig", path, "--gateway-addresses", "127.34.0.1-127.34.0.250",
             "--admin-port", str(self.port)],
            stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=harness.end_with_parent)

    def page(self, path):
        admin = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            admin.request("GET", path)
            answer = admin.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            admin.close()

    def wait(self, question, what, limit):
        """Seconds from the start of the program until the answer is yes."""
        while not question():
            if self.process.poll() is not None or time.monotonic() - self.began > limit:
                self.log.seek(0)
                raise SystemExit(f"{what}: not after {limit} s\n{self.log.read()[-3000:]}")
            time.sleep(0.02)
        return time.monotonic() - self.began

    def histogram(self, name):
        """Counts by upper bound, the sum, and the count."""
        page = self.page("/metrics")[1]
        bounds = {float(bound): float(count) for bound, count in re.findall(
            rf'^{name}_bucket{{(?:[^}}]*,)?le="([^"]+)"}} (\S+)$', page, re.MULTILINE)}
        total = re.search(rf"^{name}_sum (\S+)$", page, re.MULTILINE)
        return bounds, float(total[1]) if total else 0.0

    def stop(self):
        self.process.terminate()
        self.process.wait(40)
        self.log.close()


def difference(before, after):
    return {bound: count - before[0].get(bound, 0) for bound, count in after[0].items()}, after[1] - before[1]


def quantile(bounds, part):
    """The upper bound of the bucket that the quantile lies in, in milliseconds."""
    total = bounds.get(float("inf"), 0)
    return min((bound for bound, count in bounds.items() if count >= total * part), default=0) * 1000


def flip(cluster, sizes, namespaces, pace, seconds):
    """Lets pods become ready and unready, so many a second."""
    begin = time.monotonic()
    for number in range(int(pace * seconds)):
        index = number * 7919 % sizes["pods"]
        of = index % sizes["pools"]
        space = f"team-{of % namespaces:02}"
        cluster.put("pods", fleet.pod(index, of, space, sizes["nodes"], ready=number // sizes["pods"] % 2 == 1))
        time.sleep(max(0, begin + (number + 1) / pace - time.monotonic()))


def statuses(cluster, sizes):
    """How many objects of ours have the status that they are to get."""
    with cluster.lock:
        routes = sum(1 for each in cluster.objects["httproutes"].values() if each.get("status"))
        pools = sum(1 for each in cluster.objects["inferencepools"].values() if each.get("status"))
        models = sum(1 for each in cluster.objects["inferencemodels"].values() if each.get("status"))
    return routes == sizes["routes"] and pools == sizes["pools"] and models == sizes["models"]


def form(program, sizes, namespaces, calm, seconds, reach):
    case = f"{sizes['routes']} routes, {sizes['pods']} pods in {namespaces} namespace{'s' if namespaces > 1 else ''}"
    cluster = replay.Cluster()
    fleet.fill(cluster, sizes, namespaces)
    server = replay.Server(cluster)
    with tempfile.TemporaryDirectory(prefix="switchyard-bench-") as folder:
        controller = Controller(program, server, folder)
        rows = []
        try:
            first = controller.wait(lambda: controller.page("/readyz")[0] == 200, "the first table", 120)
            one = controller.histogram("switchyard_translation_duration_seconds")
            written = controller.wait(lambda: statuses(cluster, sizes), "every status", 300) - first
            rows += [
                harness.row(case, "cold start to the first table, s", first, reach["start"]),
                harness.row(case, "until every status is written, s", written, reach["written"])]
            rows += calm_rows(case, controller, cluster, calm)
            rows += change_rows(case, controller, cluster, sizes, namespaces, seconds, reach)
            rows.append(harness.row(case, "memory, MiB", usage.resident_mib(controller.process.pid), 400))
            rows.append(harness.row(case, "first passes, ms", one[1] * 1000))
        finally:
            controller.stop()
            server.shutdown()
    return rows


def calm_rows(case, controller, cluster, calm):
    time.sleep(12)  # counts are written at most once in ten seconds
    with cluster.lock:
        before = len(cluster.writes)
    cpu = usage.cpu_seconds(controller.process.pid)
    time.sleep(calm)
    with cluster.lock:
        writes = [each for each in cluster.writes[before:] if not each.endswith("leases")]
    share = (usage.cpu_seconds(controller.process.pid) - cpu) / calm
    return [
        harness.row(case, f"API writes in {calm} s without a change", len(writes), 0),
        harness.row(case, "CPU without a change, cores", share)]


def change_rows(case, controller, cluster, sizes, namespaces, seconds, reach):
    changes = controller.histogram("switchyard_change_to_traffic_seconds")
    passes = controller.histogram("switchyard_translation_duration_seconds")
    cpu = usage.cpu_seconds(controller.process.pid)
    thread = threading.Thread(target=flip, args=(cluster, sizes, namespaces, 100, seconds))
    thread.start()
    thread.join()
    share = (usage.cpu_seconds(controller.process.pid) - cpu) / seconds
    changed = difference(changes, controller.histogram("switchyard_change_to_traffic_seconds"))
    passed = difference(passes, controller.histogram("switchyard_translation_duration_seconds"))
    count = passed[0].get(float("inf"), 0)
    return [
        harness.row(case, "a pass, ms", passed[1] / max(count, 1) * 1000, reach["pass"]),
        harness.row(case, "passes a second at 100 changes of pods a second", count / seconds),
        harness.row(case, "a change in effect, p99, ms", quantile(changed[0], 0.99), reach["change"]),
        harness.row(case, "CPU at 100 changes of pods a second, cores", share, reach["cores"])]


# What a machine of two cores is to reach, at the full scale; the short form only looks at what does not depend on the machine.
REACH = {"start": 5, "written": 10, "pass": 25, "change": 100, "cores": 0.5}


def main():
    options = harness.options(__doc__, {"scale": 20, "calm": 5, "seconds": 5}, scale=1, calm=60, seconds=30)
    sizes = {name: max(1, size // options.scale) for name, size in fleet.SIZES.items()}
    reach = REACH if options.scale == 1 else dict.fromkeys(REACH)
    spread = max(5, 50 // options.scale)
    rows = form(options.program, sizes, spread, options.calm, options.seconds, reach)
    reach = {**reach, "pass": reach["pass"] and 2 * reach["pass"]}
    rows += form(options.program, sizes, 1, options.calm, options.seconds, reach)
    harness.report("control-plane", rows)


main()
