"""How soon a change of an HTTPRoute or of a Pod is in effect at the gateway, and in what the API shows.

Changes are alternately of a route's model name and of a pod's readiness. The clock starts when the API has answered the
change; a keep-alive client then asks the gateway every millisecond until it behaves as changed, and only then the API
is read until the status shows it: so the second figure includes the first.
"""

import http.client
import re
import tempfile
import time

from common import harness
from common.harness import API, PODS, POOL_API, Up

SERVER = f"{harness.POD_NETWORK}.200.1"
POD = f"{PODS}/bench-1"
ROUTE = f"{harness.GATEWAY_API}/httproutes/bench"
# What a change may cost: measured on the day this was written, and a third more for passes: a busy machine
# folds bursts into passes otherwise (1.52 to 1.62 were seen), so that passes have a little more room.
BUDGETS = {"passes": 2.2, "writes": 4.8}


def until(question, what, limit=10):
    start = time.monotonic()
    while not question():
        if time.monotonic() - start > limit:
            raise SystemExit(f"{what}: nothing to see after {limit} s")
        time.sleep(0.001)


def route_is_shown(api, generation):
    parents = api.call("GET", ROUTE).get("status", {}).get("parents", [])
    return any(
        condition["type"] == "Accepted" and condition.get("observedGeneration") == generation
        for parent in parents for condition in parent["conditions"])


def pool_status(api):
    conditions = api.call("GET", f"{POOL_API}/bench").get("status", {}).get("parents", [{}])[0].get("conditions", [])
    return {condition["type"]: (condition["status"], condition["reason"], condition["message"])
            for condition in conditions}


class Work:
    """What the changes cost in passes of the translation, and in writes that the API stored."""

    def __init__(self, api, port):
        self.api, self.port = api, port
        self.begun = self.now()

    def now(self):
        # http.client, unlike urllib, asks no proxy that the environment names.
        admin = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        admin.request("GET", "/metrics")
        page = admin.getresponse().read().decode()
        admin.close()
        passes = re.search(r"^switchyard_translations_total (\S+)$", page, re.MULTILINE)
        return float(passes[1]), int(self.api.call("GET", PODS)["metadata"]["resourceVersion"])

    def rows(self, changes):
        """The last change is in effect and shown: a pass that it causes yet is at most one too few."""
        passes, writes = (now - then for now, then in zip(self.now(), self.begun))
        case = f"a change ({changes})"
        return [
            harness.row(case, "passes of the translation", passes / changes, BUDGETS["passes"]),
            harness.row(case, "writes to the API, its own included", writes / changes, BUDGETS["writes"])]


def measure(up, api, changes):
    client = up.client()
    times = {"HTTPRoute": ([], []), "Pod": ([], [])}
    model, ready = "model-0", True

    def answers(name):
        return harness.completion(client, name)[0] == 200

    until(lambda: answers(model), "the first request")
    for number in range(changes):
        if number % 2 == 0:
            kind, model = "HTTPRoute", f"model-{number + 1}"
            if not ready:  # a route's change shows only where a pod is ready
                api.patch(f"{POD}/status", harness.readiness(True, SERVER))
                until(lambda: answers(previous), "readiness between two changes")
                ready = True
            changed = api.patch(ROUTE, {"spec": {"rules": [harness.rule(model, "bench")]}})
            effect = lambda: answers(model)
            shown = lambda: route_is_shown(api, changed["metadata"]["generation"])
        else:
            kind, ready, before = "Pod", number % 4 == 3, pool_status(api)
            if ready:  # make the pod unready first, outside the clock
                api.patch(f"{POD}/status", harness.readiness(False, SERVER))
                until(lambda: not answers(model), "unreadiness between two changes")
                until(lambda: pool_status(api) != before, "status between two changes")
                before = pool_status(api)
            api.patch(f"{POD}/status", harness.readiness(ready, SERVER))
            wanted = ready
            effect = lambda: answers(model) == wanted
            shown = lambda: pool_status(api) != before
        start = time.monotonic()
        until(effect, f"change {number} of the {kind}, at the gateway")
        times[kind][0].append(time.monotonic() - start)
        until(shown, f"change {number} of the {kind}, in the API")
        times[kind][1].append(time.monotonic() - start)
        previous = model
    return times


def main():
    options = harness.options(__doc__, {"changes": 60}, changes=200)
    port = harness.free_port()
    harness.ModelServer(SERVER)
    with tempfile.TemporaryDirectory() as folder:
        harness.manifests(
            folder, harness.gateway(), harness.pool("bench"), harness.route("bench", harness.rule("model-0", "bench")))
        with Up(
                options.program, "--replicas", "0", "--manifests", folder, "--admin-port", str(port)) as up:
            api = API(up.kubeconfig)
            harness.create_pod(api, "bench-1", "bench", SERVER)
            work = Work(api, port)
            times = measure(up, api, options.changes)
            rows = work.rows(options.changes)
    if options.brief:  # times depend on the machine
        harness.report("propagation", rows)
    for kind, (effect, shown) in times.items():
        rows += figures(f"{kind} ({len(effect)} changes)", effect, shown)
    everything = [[*times["HTTPRoute"][index], *times["Pod"][index]] for index in (0, 1)]
    rows += figures(f"all ({len(everything[0])} changes)", *everything)
    harness.report("propagation", rows)


def figures(case, effect, shown):
    return [
        harness.row(case, "in effect at the gateway p50, ms", harness.percentile(effect, 0.5) * 1000),
        harness.row(case, "in effect at the gateway p99, ms", harness.percentile(effect, 0.99) * 1000, 100),
        harness.row(case, "in the API's status p50, ms", harness.percentile(shown, 0.5) * 1000),
        harness.row(case, "in the API's status p99, ms", harness.percentile(shown, 0.99) * 1000, 1000)]


main()
