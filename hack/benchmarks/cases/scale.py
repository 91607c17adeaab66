"""What a request costs where there are many rules, or many endpoints, beside what it costs with few."""

import contextlib

from common import contest, harness, load, servers, usage
from common.contest import LOOPS, ours

MANY, FEW = "many", "few"
# A Gateway of its own address for each of the two programs.
GATEWAYS = {MANY: "127.33.0.1-127.33.0.20", FEW: "127.33.0.21-127.33.0.40"}


def _cost(each, seconds):
    """The whole process's CPU a request, and that of the threads that relay."""
    loops = usage.thread_seconds(each.process, LOOPS)
    result = contest.relayed(each, lambda: load.run(*each.address, seconds))
    loops = usage.thread_seconds(each.process, LOOPS) - loops
    return {**result, "rate": result["requests"] / result["seconds"], "loops": loops / result["requests"] * 1e6}


def _compared(program, rounds, seconds, shapes):
    with contextlib.ExitStack() as stack:
        stack.enter_context(servers.model_servers(max(shape.get("endpoints", 10) for shape in shapes.values())))
        found = {
            name: stack.enter_context(ours(program, gateways=GATEWAYS[name], **shape)) for name, shape in shapes.items()}
        for each in found.values():
            load.run(*each.address, 3)
        return contest.alternate(found, rounds, lambda each: _cost(each, seconds))


def _rows(case, results, reach):
    figures = {"rate": "requests/s", "cpu": "CPU a request, µs", "loops": "CPU a request of the event loops, µs"}
    return [
        harness.row(case, "CPU a request, of that with few", contest.ratio(results, FEW, "cpu", MANY), reach),
        harness.row(case, "CPU a request of the event loops, of that with few", contest.ratio(results, FEW, "loops", MANY)),
        *contest.absolute(case, results, figures)]


def _routes(rules, each=16):
    """So many rules that ask for different models, in routes of as many as one may have; ours is the last."""
    names = [f"model-{number}" for number in range(rules - 1)] + [servers.MODEL]
    return [
        harness.route(f"bench-{start:04}", *[harness.rule(name, "bench") for name in names[start:start + each]])
        for start in range(0, rules, each)]


def rules(program, rounds, seconds, reach=1.1):
    shapes = {MANY: {"routes": _routes(2000), "patience": 120}, FEW: {"routes": _routes(20)}}
    return _rows("2,000 rules, beside 20", _compared(program, rounds, seconds, shapes), reach)


def endpoints(program, rounds, seconds):
    shapes = {MANY: {"endpoints": 1000, "patience": 120}, FEW: {"endpoints": 10}}
    return _rows("1,000 endpoints, beside 10", _compared(program, rounds, seconds, shapes), 3)
