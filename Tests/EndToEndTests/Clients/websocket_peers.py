"""A server and a client of WebSocket.

`websocket_peers.py serve` prints the port that it listens on, and answers each message until it is killed.
`websocket_peers.py ask ADDRESS PORT [CA]` talks to it through a gateway, inside TLS where there is the certificate of an authority, and
ends with 1 at the first answer that is not as it should be.
"""

import asyncio
import socket
import ssl
import sys

import websockets


async def answer(connection):
    async for message in connection:
        await connection.send(message[::-1])


async def serve():
    async with websockets.serve(answer, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r}, not {expected!r}")
    print(f"{what}: {str(found)[:40]}")


async def ask(address, port, authority=None):
    # The name is the certificate's; where it is, is told apart from it.
    transport = socket.create_connection((address, int(port)), timeout=10)
    context = ssl.create_default_context(cafile=authority) if authority else None
    scheme = "wss" if authority else "ws"
    async with websockets.connect(
            f"{scheme}://models.example.com:{port}/socket", sock=transport, ssl=context, open_timeout=10) as connection:
        await connection.send("abc")
        expect("a text", await asyncio.wait_for(connection.recv(), 10), "cba")
        large = bytes(range(256)) * 2000
        await connection.send(large)
        expect("many bytes", await asyncio.wait_for(connection.recv(), 10), large[::-1])
        pong = await connection.ping()
        await asyncio.wait_for(pong, 10)
        await connection.close(1000, "done")
        expect("the end", connection.close_code, 1000)


asyncio.run(serve() if sys.argv[1] == "serve" else ask(*sys.argv[2:]))
