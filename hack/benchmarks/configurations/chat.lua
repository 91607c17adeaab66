-- A chat request with a model's name, as wrk sends it to SWITCHYARD_PROMPT_PATH, of SWITCHYARD_PROMPT_REPEATS sentences of 48 bytes,
-- 1 KB by default; its figures as one line of JSON at the end.
local repeats = tonumber(os.getenv("SWITCHYARD_PROMPT_REPEATS") or "18")
local prompt = string.rep("What is the color of the sky, and why is it so? ", repeats)
wrk.method = "POST"
wrk.path = os.getenv("SWITCHYARD_PROMPT_PATH") or "/v1/chat/completions"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer sk-0123456789abcdef"
wrk.body = '{"model":"chatbot","messages":[{"role":"user","content":"' .. prompt .. '"}],"max_tokens":64,"temperature":0}'

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"failed":%d}\n', summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
