import HTTPTypes
import Hummingbird
import JSONText
import ModelEngine

/// vLLM's routes.
struct ModelServerRoutes: Sendable {
  let configuration: ModelServerConfiguration
  let engine: Engine
  let generation: GenerationHandler
  let catalog: ModelCatalog
  /// Unix time of the start, seconds.
  let created: Double

  private static let paths: Set<String> = [
    "/v1/completions", "/v1/chat/completions", "/v1/models", "/health", "/ping", "/version", "/metrics", "/tokenize",
    "/v1/load_lora_adapter", "/v1/unload_lora_adapter",
  ]

  func router() -> Router<ServerRequestContext> {
    let router = Router(context: ServerRequestContext.self)
    router.add(
      middleware: ServerHeadersMiddleware(podName: configuration.podName, knownPaths: Self.paths))
    for (path, kind) in [("/v1/completions", ResponseShape.Kind.completion), ("/v1/chat/completions", .chat)] {
      router.post(RouterPath(path)) { request, context in
        let requestID = HTTPField.Name("x-request-id").flatMap { request.headers[$0] }
        return try await generation.respond(
          to: RequestBodyReader.read(request), kind: kind, requestID: requestID, context: context)
      }
    }
    addInformation(to: router)
    router.post("/tokenize") { request, _ in try tokenize(try await RequestBodyReader.read(request)) }
    guard configuration.engine.limits.maxLoras > 0 else { return router }
    let lora = LoRAHandler(catalog: catalog)
    router.post("/v1/load_lora_adapter") { request, _ in try lora.load(try await RequestBodyReader.read(request)) }
    router.post("/v1/unload_lora_adapter") { request, _ in
      try lora.unload(try await RequestBodyReader.read(request))
    }
    return router
  }

  private func addInformation(to router: Router<ServerRequestContext>) {
    router.get("/v1/models") { _, _ in
      let cards = ModelCards(
        catalog: catalog, maxModelLen: configuration.engine.limits.contextLength, created: Int(created))
      return Response.json(cards.body)
    }
    router.get("/health") { _, _ in
      Response(status: engine.snapshot.scrape.phase == .serving ? .ok : .serviceUnavailable)
    }
    router.get("/ping") { _, _ in Response(status: .ok) }
    router.post("/ping") { _, _ in Response(status: .ok) }
    router.get("/version") { _, _ in Response.json(["version": .string(VersionInfo.version)]) }
    router.get("/metrics") { _, _ in
      let metrics = VLLMMetrics(
        engine: engine.snapshot, modelName: catalog.primaryName, created: created, now: generation.unixTime())
      return Response.text(metrics.text, type: "text/plain; version=1.0.0; charset=utf-8")
    }
  }

  private func tokenize(_ body: JSONValue) throws(ServiceError) -> Response {
    let fields = FieldReader(body: body)
    let name = try fields.string("model") ?? catalog.primaryName
    guard catalog.model(named: name) != nil else { throw .unknownModel(name, aliases: catalog.aliases) }
    let given = try fields.string("prompt")
    let text = if let given { given } else { try ChatTemplate.render(fields) }
    let tokens = Tokenizer.encode(text)
    let strings: OrderedJSON =
      try fields.bool("return_token_strs") ? .array(Tokenizer.pieces(text).map { .string($0) }) : .null
    return .json([
      "count": .integer(tokens.count), "max_model_len": .integer(configuration.engine.limits.contextLength),
      "tokens": .array(tokens.map { .integer(Int($0)) }), "token_strs": strings,
    ])
  }
}
