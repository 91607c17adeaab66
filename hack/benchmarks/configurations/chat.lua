-- A chat request of about 1 KB with a model's name, as wrk sends it; its figures as one line of JSON at the end.
local prompt = string.rep("What is the color of the sky, and why is it so? ", 18)
wrk.method = "POST"
wrk.path = "/v1/chat/completions"
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
