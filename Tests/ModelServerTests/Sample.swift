/// What vLLM 0.32.0 answered when it was asked (bodies; its generated text and identifiers are its own).
enum Sample {
  static let completion = #"""
    {"id":"cmpl-937888a2dc0b5c24","object":"text_completion","created":1795352230,"model":"chatbot","choices":[{"index":0,"text":" fo jumps","logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,"prompt_logprobs":null,"prompt_token_ids":null,"routed_experts":null}],"service_tier":null,"system_fingerprint":"vllm-0.32.0-fe4659e0","usage":{"prompt_tokens":3,"total_tokens":11,"completion_tokens":8,"prompt_tokens_details":null,"completion_tokens_details":null},"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}
    """#
  static let chat = #"""
    {"id":"chatcmpl-9f3c697f18eef6f7","object":"chat.completion","created":1795352230,"model":"chatbot","choices":[{"index":0,"message":{"role":"assistant","content":"","refusal":null,"annotations":null,"audio":null,"function_call":null,"reasoning":null},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,"routed_experts":null}],"service_tier":null,"system_fingerprint":"vllm-0.32.0-fe4659e0","usage":{"prompt_tokens":16,"total_tokens":22,"completion_tokens":6,"prompt_tokens_details":null,"completion_tokens_details":null},"prompt_logprobs":null,"prompt_token_ids":null,"prompt_text":null,"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}
    """#
  /// Role, a token, the last token, usage.
  static let chatChunks = [
    #"{"id":"chatcmpl-a0d588e9ea4d8498","object":"chat.completion.chunk","created":1795352231,"model":"chatbot","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null,"prompt_text":null}"#,
    #"{"id":"chatcmpl-a0d588e9ea4d8498","object":"chat.completion.chunk","created":1795352231,"model":"chatbot","choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":null,"token_ids":null}]}"#,
    #"{"id":"chatcmpl-a0d588e9ea4d8498","object":"chat.completion.chunk","created":1795352231,"model":"chatbot","choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null}]}"#,
    #"{"id":"chatcmpl-a0d588e9ea4d8498","object":"chat.completion.chunk","created":1795352231,"model":"chatbot","choices":[],"usage":{"prompt_tokens":16,"total_tokens":22,"completion_tokens":6},"system_fingerprint":"vllm-0.32.0-fe4659e0"}"#,
  ]
  static let models = #"""
    {"object":"list","data":[{"id":"chatbot","object":"model","created":1795352370,"owned_by":"vllm","root":"/models/tiny","parent":null,"max_model_len":2048,"permission":[{"id":"modelperm-aa3bed4808022cb0","object":"model_permission","created":1795352370,"allow_create_engine":false,"allow_sampling":true,"allow_logprobs":true,"allow_search_indices":false,"allow_view":true,"allow_fine_tuning":false,"organization":"*","group":null,"is_blocking":false}]},{"id":"chat-lora","object":"model","created":1795352370,"owned_by":"vllm","root":"/models/tiny-lora-a","parent":"chatbot","max_model_len":null,"permission":[{"id":"modelperm-941375eaeab2fb08","object":"model_permission","created":1795352370,"allow_create_engine":false,"allow_sampling":true,"allow_logprobs":true,"allow_search_indices":false,"allow_view":true,"allow_fine_tuning":false,"organization":"*","group":null,"is_blocking":false}]}]}
    """#
  static let unknownModel =
    #"{"error":{"message":"The model `nope` does not exist. Valid aliases: chatbot.","type":"NotFoundError","param":"model","code":404}}"#
  static let tooLong =
    #"{"error":{"message":"max_tokens=99999 cannot be greater than max_model_len=2048. Please request fewer output tokens. (parameter=max_tokens, value=99999)","type":"BadRequestError","param":"max_tokens","code":400}}"#
  static let badJSON =
    #"{"error":{"message":"1 validation error:\n  {'type': 'json_invalid', 'loc': 'body.1', 'msg': 'JSON decode error', 'input': '<dict of 0 items>', 'ctx': {'error': 'Expecting property name enclosed in double quotes'}}","type":"Bad Request","param":"body.1","code":400}}"#

  /// The names of members in order, at every depth; values only by their kind.
  static func shape(_ json: String) -> String {
    json.replacing(/"(?:[^"\\]|\\.)*":?|-?[0-9][-+.0-9eE]*/) { match in
      match.0.hasSuffix(":") ? match.0 : match.0.hasPrefix("\"") ? "string" : "number"
    }
  }
}
