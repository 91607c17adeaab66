"""Ours and its peers side by side: started together, asked in turn, compared round by round."""

import contextlib
import statistics
import tempfile
import time

from common import certificate, harness, load, servers, usage

OURS, NGINX, ENVOY = "switchyard", "nginx", "Envoy"
# What the threads of our event loops are called.
LOOPS = "NIO-ELT"


class Contender:
    """A proxy that runs: where it listens, in clear and with TLS, and its process."""

    def __init__(self, address, process, secure_port=None):
        self.address, self.process = address, process
        self.secure_address = (address[0], secure_port)


@contextlib.contextmanager
def ours(program, endpoints=10, routes=None, **options):
    """`switchyard up` that reads the model, matches a header route and picks one of a pool's endpoints."""
    with tempfile.TemporaryDirectory(prefix="switchyard-bench-") as folder:
        routes = routes or [harness.route("bench", harness.rule(servers.MODEL, "bench"))]
        secret = harness.secret("bench-tls", certificate.files())
        harness.manifests(folder, harness.gateway("bench-tls"), secret, harness.pool("bench"), *routes)
        with harness.Up(program, "--replicas", "0", "--manifests", folder, **options) as up:
            # As a cluster makes them: the pods of --endpoint would be probed by a kubelet in the same process.
            api = harness.API(up.kubeconfig)
            for number, (address, _) in enumerate(servers.addresses(endpoints)):
                harness.create_pod(api, f"bench-{number}", "bench", address)
            contender = Contender((up.gateway.hostname, up.gateway.port or 80), up.process.pid, 443)
            _wait_for_endpoints(contender.address)
            _wait_for_rest(contender.process)
            yield contender


def _wait_for_endpoints(gateway):
    deadline = time.monotonic() + 120
    while load.ask(*gateway) != 200:
        if time.monotonic() > deadline:
            raise SystemExit("the gateway answers nothing but errors after 120 s")
        time.sleep(0.1)


def _wait_for_rest(process, share=0.3):
    """Until the start is over: the first of many endpoints answers long before the last has become ready."""
    deadline, second = time.monotonic() + 120, 1
    while second > share:
        if time.monotonic() > deadline:
            raise SystemExit(f"switchyard up is still at work 120 s after its start: {second:.2f} of a core")
        cpu = usage.cpu_seconds(process)
        time.sleep(1)
        second = usage.cpu_seconds(process) - cpu


@contextlib.contextmanager
def contenders(program, *names):
    """A dictionary of those that were asked for; without Envoy where it could not be had."""
    with contextlib.ExitStack() as stack:
        found = {}
        if OURS in names:
            found[OURS] = stack.enter_context(ours(program))
        if NGINX in names:
            peer = stack.enter_context(servers.nginx_proxy())
            found[NGINX] = Contender(peer.address, peer.process.pid, servers.SECURE_PORT)
        if ENVOY in names and servers.envoy_program():
            peer = stack.enter_context(servers.envoy_proxy())
            found[ENVOY] = Contender(peer.address, peer.process.pid, servers.SECURE_PORT)
        yield found


def alternate(contenders, rounds, measure):
    """What `measure` says of each, by name: one dictionary a round. Another one begins each round."""
    results, order = {name: [] for name in contenders}, list(contenders)
    for _ in range(rounds):
        for name in order:
            results[name].append(measure(contenders[name]))
        order.append(order.pop(0))
    return results


def relayed(contender, work):
    """What `work` says, and what it cost the contender: CPU a request, rate, memory."""
    cpu = usage.cpu_seconds(contender.process)
    result = work()
    cpu = usage.cpu_seconds(contender.process) - cpu
    return {**result, "cpu": cpu / max(1, result["requests"]) * 1e6, "memory": usage.resident_mib(contender.process)}


def middle(rounds, key):
    return statistics.median(each[key] for each in rounds)


def ratio(results, peer, key, mine=OURS):
    """Ours as the multiple of a peer's: the median of the rounds' quotients."""
    return statistics.median(one[key] / max(other[key], 1e-9) for one, other in zip(results[mine], results[peer]))


def absolute(case, results, figures):
    """Rows of what each contender did, as medians of its rounds."""
    rows = []
    for name, rounds in results.items():
        for key, figure in figures.items():
            rows.append(harness.row(f"{case}: {name}", figure, middle(rounds, key)))
        rows.append(harness.row(f"{case}: {name}", "failed", sum(each["failed"] for each in rounds), 0))
    return rows
