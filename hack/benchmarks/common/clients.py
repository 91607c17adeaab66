"""Clients that wrk cannot be: a fixed rate, event streams, connections that stay idle, many large uploads."""

import asyncio
import json
import statistics
import subprocess
import tempfile
import time

from common import load, native

EVENT, END = b"data: {", b"data: [DONE]"


def fixed_rate(address, rate, seconds, connections=16):
    """A dictionary: requests, failed, and p50, p90, p99 in milliseconds from when each request was due."""
    with tempfile.TemporaryDirectory(prefix="switchyard-bench-") as folder:
        command = [native.built("fixed_rate", folder), *map(str, (*address, rate, seconds, connections))]
        answer = subprocess.run(
            command, input=load.message(load.body()), capture_output=True, timeout=seconds + 60)
    if answer.returncode != 0:
        raise SystemExit(f"fixed_rate against {address} failed: {answer.stderr.decode()[-800:]}")
    return json.loads(answer.stdout)


async def _answered(reader, writer, message):
    """Whether a request on a kept connection was answered with 200. Only for answers with a length."""
    writer.write(message)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200")


async def _stream(address, events):
    """The milliseconds until the first event, and how many came; `None` where the stream did not end as it should."""
    reader, writer = await asyncio.open_connection(*address)
    start, first, count, tail = time.perf_counter(), None, 0, b""
    writer.write(load.message(json.dumps({"model": load.MODEL, "prompt": "x", "stream": True}), "/v1/completions"))
    while END not in tail:
        piece = await reader.read(65536)
        if not piece:
            break
        # What a piece adds: an event's beginning may lie across two of them.
        data = tail[-len(EVENT) + 1:] + piece
        count += data.count(EVENT)
        if first is None and count:
            first = (time.perf_counter() - start) * 1e3
        tail = (tail + piece)[-64:]
    writer.close()
    return first if END in tail and count == events else None, count


async def _streams(address, count, events, gap=0.004):
    tasks = []
    for _ in range(count):
        tasks.append(asyncio.create_task(_stream(address, events)))
        await asyncio.sleep(gap)
    return await asyncio.gather(*tasks)


def streams(address, count, events):
    """So many streams at once, begun one after the other: requests, failed, events, first in milliseconds (a median)."""
    results = asyncio.run(_streams(address, count, events))
    whole = [first for first, _ in results if first is not None]
    return {"requests": count, "failed": count - len(whole), "events": sum(events for _, events in results),
            "first": statistics.median(whole) if whole else 1e9}


async def _idle(address, count, measured):
    connections, gate, failed = [], asyncio.Semaphore(16), 0
    message = load.message(load.body(load.LONG))

    async def one():
        nonlocal failed
        async with gate:
            reader, writer = await asyncio.open_connection(*address)
            failed += not await _answered(reader, writer, message)
            connections.append((reader, writer))

    await asyncio.gather(*[one() for _ in range(count)])
    await asyncio.sleep(2)
    value = measured()
    failed += sum(reader.at_eof() for reader, _ in connections)
    for _, writer in connections:
        writer.close()
    return value, failed


def idle(address, count, measured):
    """What `measured` says while so many connections idle, each after a prompt of 220 KB; how many failed or were closed."""
    return asyncio.run(_idle(address, count, measured))


async def _uploads(address, count, size):
    message = load.message(json.dumps({"model": load.MODEL, "prompt": "x" * size}))

    async def one():
        reader, writer = await asyncio.open_connection(*address)
        try:
            return await _answered(reader, writer, message)
        finally:
            writer.close()

    return sum(not answered for answered in await asyncio.gather(*[one() for _ in range(count)]))


def uploads(address, count, size):
    """How many of so many bodies, sent at once, were not answered with 200."""
    return asyncio.run(_uploads(address, count, size))
