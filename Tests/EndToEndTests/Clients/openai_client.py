"""The OpenAI SDK against a gateway: what it lists, says and streams, and which of its own errors it raises.

`openai_client.py URL [BUSY_URL]`: prints a line for each thing that was as it should be, and ends with 1 at the first that was not.
"""

import sys

import openai


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r}, not {expected!r}")
    print(f"{what}: {found}")


def raises(what, kind, status, call):
    """Whether a call raises this error of the SDK's; the error."""
    try:
        answer = call()
    except openai.APIStatusError as error:
        expect(what, (type(error).__name__, error.status_code), (kind, status))
        if not error.response.headers.get("x-request-id"):
            sys.exit(f"{what}: no x-request-id")
        return error
    sys.exit(f"{what}: no error but {answer!r}")


def models(client):
    names = [model.id for model in client.models.list()]
    expect("models", {"chatbot", "recommender"} <= set(names), True)
    expect("model", client.models.retrieve("chatbot").id, "chatbot")
    raises("a model that is not there", "NotFoundError", 404, lambda: client.models.retrieve("nobody"))


def chats(client):
    say = [{"role": "user", "content": "What is the color of the sky?"}]
    answer = client.chat.completions.create(model="chatbot", messages=say, max_tokens=8)
    expect("chat", (bool(answer.choices[0].message.content), answer.usage.completion_tokens), (True, 8))
    pieces, usage = "", None
    options = {"include_usage": True}
    stream = client.chat.completions.create(
        model="recommender", messages=say, max_tokens=8, stream=True, stream_options=options)
    for event in stream:
        pieces += event.choices[0].delta.content or "" if event.choices else ""
        usage = event.usage or usage
    expect("stream", (bool(pieces), usage.completion_tokens), (True, 8))


def errors(client):
    say = [{"role": "user", "content": "Hello"}]
    chat = client.chat.completions.create
    error = raises("chat with a model that is not there", "NotFoundError", 404, lambda: chat(model="nobody", messages=say))
    expect("its code", error.code, "model_not_found")
    raises("two models", "BadRequestError", 400, lambda: chat(model="chatbot", messages=say, extra_body={"Model": "other"}))
    large = "x" * (2 << 20)
    error = raises("a prompt that is too large", "APIStatusError", 413, lambda: client.completions.create(model="chatbot", prompt=large))
    expect("its code", error.code, "request_too_large")


def audio(client):
    """A form: its model is found, and the pool's model server has the last word; simulated ones transcribe nothing."""
    sound = ("hello.wav", b"RIFF" + bytes(5000))
    error = raises(
        "audio", "NotFoundError", 404, lambda: client.audio.transcriptions.create(model="chatbot", file=sound))
    expect("it came from a pod", error.response.headers.get("x-inference-pod", "").startswith("gemma3-"), True)
    error = raises(
        "audio for a model that is not there", "NotFoundError", 404,
        lambda: client.audio.transcriptions.create(model="nobody", file=sound))
    expect("its code", error.code, "model_not_found")


def client_of(url):
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=20)


def busy(client):
    error = raises(
        "a pool that is full", "RateLimitError", 429,
        lambda: client.completions.create(model="minor", prompt="Hello", max_tokens=3))
    expect("it says when to come again", int(error.response.headers["retry-after"]) >= 1, True)


def main(url, busy_url=None):
    if url != "-":
        for step in (models, chats, errors, audio):
            step(client_of(url))
    if busy_url:
        busy(client_of(busy_url))


main(*sys.argv[1:])
