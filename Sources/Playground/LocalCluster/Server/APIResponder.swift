import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import NIOCore

/// Carries requests from Hummingbird to the handler and answers back; carries out watches.
struct APIResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let handler: APIHandler
  let token: String
  /// Larger bodies are refused with 413; the real server's limit is 3 MB.
  static let bodyLimit = 3 << 20
  /// How often a watch without changes tells its position.
  static let bookmarkInterval = Duration.seconds(60)

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let open = ["/livez", "/readyz", "/healthz"].contains(request.uri.path)
    guard open || isAuthorized(request.headers[.authorization]) else {
      return Self.response(.failure(.unauthorized()))
    }
    let body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: Self.bodyLimit)
    } catch is NIOTooManyBytesError {
      return Self.response(
        .failure(
          StatusError(
            code: 413, reason: "RequestEntityTooLarge",
            message: "Request entity too large: limit is \(Self.bodyLimit)", details: [:])))
    }
    let answer = handler.handle(
      APIRequest(
        method: request.method.rawValue, target: request.uri.string,
        accept: request.headers[.accept] ?? "application/json",
        contentType: request.headers[.contentType] ?? "application/json",
        userAgent: request.headers[.userAgent] ?? "", body: Array(body.readableBytesView)))
    if case .watch(let plan) = answer.body { return watch(answer, plan, request) }
    return Self.response(answer)
  }

  /// Compares all bytes whatever they are, so that the time taken tells nothing about the token.
  private func isAuthorized(_ header: String?) -> Bool {
    let given = Array((header ?? "").utf8)
    let wanted = Array("Bearer \(token)".utf8)
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func head(_ answer: APIResponse) -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in answer.headers {
      if let field = HTTPField.Name(name) { fields.append(HTTPField(name: field, value: value)) }
    }
    return fields
  }

  private static func response(_ answer: APIResponse) -> Response {
    guard case .bytes(let bytes) = answer.body else { return Response(status: .internalServerError) }
    return Response(
      status: .init(code: answer.status), headers: head(answer),
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private func watch(_ answer: APIResponse, _ plan: WatchPlan, _ request: Request) -> Response {
    Response(
      status: .ok, headers: Self.head(answer),
      body: ResponseBody { writer in
        try await run(plan, &writer)
        try await writer.finish(nil)
      })
  }

  private func run(_ plan: WatchPlan, _ writer: inout any ResponseBodyWriter) async throws {
    let subscription = handler.storage.subscribe(plan.resource)
    defer { handler.storage.unsubscribe(subscription.id) }
    let end = ContinuousClock.now.advanced(by: plan.timeout)
    // The clock rings the same bell, so that one loop waits for changes and for time.
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while ContinuousClock.now < end {
          let next = min(end, ContinuousClock.now.advanced(by: Self.bookmarkInterval))
          try await Task.sleep(until: next, clock: .continuous)
          subscription.ring.yield()
        }
      }
      defer { group.cancelAll() }
      try await follow(plan, subscription.bell, until: end, &writer)
    }
  }

  private func follow(
    _ plan: WatchPlan, _ bell: AsyncStream<Void>, until end: ContinuousClock.Instant,
    _ writer: inout any ResponseBodyWriter
  ) async throws {
    var session = WatchSession(plan)
    var lastWrite = ContinuousClock.now
    var bells = bell.makeAsyncIterator()
    // An empty write sends the head at once, so that a client knows that its watch is open.
    try await writer.write(ByteBuffer())
    repeat {
      handler.storage.sweepEvents(plan.resource, now: handler.now())
      let (batch, isServed) = handler.storage.read {
        (session.collect($0.store), $0.kinds.serves(plan.renderer.kind))
      }
      let step = session.render(batch, now: handler.now())
      var events = step.events
      let finished = step.isFinished || !isServed || ContinuousClock.now >= end
      if events.isEmpty, finished || ContinuousClock.now - lastWrite >= Self.bookmarkInterval,
        let bookmark = session.bookmark()
      {
        events = [bookmark]
      }
      if !events.isEmpty {
        var buffer = ByteBuffer()
        for event in events {
          buffer.writeBytes(JSONWriter.bytes(of: event))
          buffer.writeInteger(UInt8(ascii: "\n"))
        }
        try await writer.write(buffer)
        lastWrite = .now
      } else {
        // Nothing to say; the empty write fails when the client has gone, which ends the watch.
        try await writer.write(ByteBuffer())
      }
      if finished { return }
    } while await bells.next() != nil
  }
}
