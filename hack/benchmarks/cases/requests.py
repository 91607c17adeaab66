"""Requests beside the peers': short ones as fast as they go and at a fixed rate, prompts of 220 KB, event streams."""

import os

from common import clients, contest, harness, load, servers, usage
from common.contest import ENVOY, NGINX, OURS

FIGURES = {"rate": "requests/s", "cpu": "CPU a request, µs", "p50": "p50, ms", "p99": "p99, ms", "memory": "memory, MiB"}


def _full(contender, seconds, **shape):
    """As many requests as wrk gets through."""
    result = contest.relayed(contender, lambda: load.run(*contender.address, seconds, **shape))
    return {**result, "rate": result["requests"] / result["seconds"]}


def chat(program, rounds, seconds):
    case = "1 KB chat, 32 connections"
    with servers.model_servers() as backend, contest.contenders(program, OURS, NGINX, ENVOY) as found:
        alone = _alone(backend, seconds)
        for each in found.values():
            load.run(*each.address, 2)
        results = contest.alternate(found, rounds, lambda each: _full(each, seconds))
    fastest = max(contest.middle(each, "rate") for each in results.values())
    rows = [
        harness.least(case, "rate, of nginx's", contest.ratio(results, NGINX, "rate"), 0.8),
        harness.row(case, "CPU a request, of nginx's", contest.ratio(results, NGINX, "cpu"), 1.3)]
    if ENVOY in found:
        rows.insert(0, harness.least(case, "rate, of Envoy's", contest.ratio(results, ENVOY, "rate"), 2))
        rows.append(harness.row(case, "CPU a request, of Envoy's", contest.ratio(results, ENVOY, "cpu")))
    return rows + _backend_rows(f"{case}: the model servers", alone, fastest) + contest.absolute(case, results, FIGURES)


def _alone(backend, seconds):
    """The model servers with nothing before them. wrk, on the same cores, costs as much as they do."""
    one = contest.Contender(servers.addresses()[0], backend.process.pid)
    load.run(*one.address, 1)
    return _full(one, seconds)


def _backend_rows(case, alone, fastest):
    could = len(os.sched_getaffinity(0)) / (alone["cpu"] / 1e6)
    return [
        harness.row(case, "requests/s alone, wrk on the same cores", alone["rate"]),
        harness.row(case, "CPU a request, µs", alone["cpu"]),
        harness.least(case, "what the cores could serve by it, of the fastest proxy's rate", could / fastest, 3)]


def fixed(program, rounds, seconds):
    case = "500 requests/s, 1 KB"
    with servers.model_servers(), contest.contenders(program, OURS, NGINX, ENVOY) as found:
        for each in found.values():
            load.run(*each.address, 2)
        results = contest.alternate(found, rounds, lambda each: contest.relayed(
            each, lambda: clients.fixed_rate(each.address, 500, seconds)))
    return [
        harness.row(case, "p50, of nginx's", contest.ratio(results, NGINX, "p50"), 1.2),
        harness.row(case, "p99, of nginx's", contest.ratio(results, NGINX, "p99"), 1.2),
        *contest.absolute(case, results, {"p50": "p50, ms", "p90": "p90, ms", "p99": "p99, ms", "cpu": "CPU a request, µs"})]


def _prompts(program, rounds, seconds, connections):
    """220 KB each. The results, and the most memory of ours, in MB."""
    shape = {"connections": connections, "repeats": load.LONG}
    with servers.model_servers(), contest.contenders(program, OURS, NGINX, ENVOY) as found:
        for each in found.values():
            load.run(*each.address, 2, **shape)
        results = contest.alternate(found, rounds, lambda each: _full(each, seconds, **shape))
        return results, usage.peak_mb(found[OURS].process)


def prompts(program, rounds, seconds):
    case = "220 KB prompts, 150 connections"
    results, peak = _prompts(program, rounds, seconds, 150)
    rows = [harness.row(case, "peak memory of ours, MB", peak, 150)]
    if ENVOY in results:
        rows.insert(0, harness.least(case, "rate, of Envoy's", contest.ratio(results, ENVOY, "rate"), 1.2))
    return rows + contest.absolute(case, results, FIGURES)


def latency(program, rounds, seconds):
    case = "220 KB prompts, 4 connections"
    results, _ = _prompts(program, rounds, seconds, 4)
    rows = [harness.row(case, "p50, of Envoy's", contest.ratio(results, ENVOY, "p50"), 1)] if ENVOY in results else []
    return rows + contest.absolute(case, results, FIGURES)


def streams(program, rounds, seconds):
    case, events = "100 streams, an event each 20 ms", seconds * 50

    def measure(each):
        cpu = usage.cpu_seconds(each.process)
        result = clients.streams(each.address, 100, events)
        return {**result, "cpu": (usage.cpu_seconds(each.process) - cpu) / max(1, result["events"]) * 1e6}

    with servers.model_servers(events=events), contest.contenders(program, OURS, NGINX, ENVOY) as found:
        for each in found.values():
            load.run(*each.address, 2)
        results = contest.alternate(found, rounds, measure)
    later = contest.middle(results[OURS], "first") - contest.middle(results[NGINX], "first")
    return [
        harness.row(case, "CPU an event, of nginx's", contest.ratio(results, NGINX, "cpu"), 1),
        harness.row(case, "first event later than nginx's, ms", later, 1),
        *contest.absolute(case, results, {"cpu": "CPU an event, µs", "first": "first event, ms"})]
