"""A server and a client of gRPC without generated code: messages are bytes.

`grpc_peers.py serve` prints the port that it listens on, and serves until it is killed.
`grpc_peers.py ask HOST:PORT` calls what it serves, and ends with 1 at the first answer that is not as it should be.
"""

import sys
from concurrent import futures

import grpc

SERVICE = "shop.Orders"


def one(request, context):
    context.send_initial_metadata((("x-from", "server"),))
    context.set_trailing_metadata((("x-length", str(len(request))),))
    return request[::-1]


def many(request, context):
    for byte in request:
        yield bytes([byte])
    context.set_trailing_metadata((("x-count", str(len(request))),))


def both(requests, context):
    for request in requests:
        yield request + b"!"


def refuse(request, context):
    context.abort(grpc.StatusCode.PERMISSION_DENIED, "not for you: é")


def serve():
    handlers = {
        "One": grpc.unary_unary_rpc_method_handler(one),
        "Many": grpc.unary_stream_rpc_method_handler(many),
        "Both": grpc.stream_stream_rpc_method_handler(both),
        "Refuse": grpc.unary_unary_rpc_method_handler(refuse),
    }
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r}, not {expected!r}")
    print(f"{what}: {found}")


def fails(what, code, call):
    try:
        answer = call()
    except grpc.RpcError as error:
        expect(what, error.code(), code)
        return error
    sys.exit(f"{what}: no error but {answer!r}")


def ask(address):
    with grpc.insecure_channel(address) as channel:
        answer, call = channel.unary_unary(f"/{SERVICE}/One").with_call(b"abc", timeout=10, metadata=(("x-team", "red"),))
        expect("one", (answer, dict(call.initial_metadata())["x-from"]), (b"cba", "server"))
        expect("its trailer", dict(call.trailing_metadata())["x-length"], "3")
        long = bytes(3 << 20)
        expect("a long one", len(channel.unary_unary(f"/{SERVICE}/One")(long, timeout=10)), len(long))
        stream = channel.unary_stream(f"/{SERVICE}/Many")(b"xyz", timeout=10)
        expect("many", list(stream), [b"x", b"y", b"z"])
        expect("their trailer", dict(stream.trailing_metadata())["x-count"], "3")
        # The second is sent when the first was answered: neither side waits for the other's end.
        asked = iter([b"a", b"b"])
        expect("both", list(channel.stream_stream(f"/{SERVICE}/Both")(asked, timeout=10)), [b"a!", b"b!"])
        error = fails("refused", grpc.StatusCode.PERMISSION_DENIED, lambda: channel.unary_unary(f"/{SERVICE}/Refuse")(b"", timeout=10))
        expect("its details", error.details(), "not for you: é")
        fails("no method", grpc.StatusCode.UNIMPLEMENTED, lambda: channel.unary_unary(f"/{SERVICE}/None")(b"", timeout=10))
        fails("no route", grpc.StatusCode.UNIMPLEMENTED, lambda: channel.unary_unary("/other.Service/One")(b"", timeout=10))


serve() if sys.argv[1] == "serve" else ask(sys.argv[2])
