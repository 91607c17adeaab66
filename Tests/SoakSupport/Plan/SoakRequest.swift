import NIOCore

/// One request: what is sent, what the servers do with it, what they answer. A pure function of the seed and its number, so that
/// client, server and judge agree on it and need not talk.
package struct SoakRequest: Sendable {
  /// How the request looks.
  package enum Form: CaseIterable, Sendable {
    case get, head, put, old, post, chunked, large, rewritten, raw
  }

  /// How a server answers it when all is well.
  package enum Answer: CaseIterable, Sendable {
    case length, chunked, events, untilClose, empty, large
  }

  /// Whom it is for.
  package enum Pool: String, CaseIterable, Sendable {
    /// Servers that always listen.
    case main
    /// Servers of which some come and go.
    case flaky
    /// Servers that hardly ever answer.
    case doomed
    /// The servers of `main`, for requests whose client leaves.
    case abort
  }

  package let id: Int
  package var form: Form
  package var answer: Answer
  package var pool: Pool
  /// What happens to it at the first server, the second and so on.
  package var fates: [Fate]

  init(id: Int, pool: Pool, form: Form? = nil, fate: Fate? = nil, using generator: inout some RandomNumberGenerator) {
    self.id = id
    self.pool = pool
    self.form = form ?? Self.drawForm(using: &generator)
    answer = Self.drawAnswer(using: &generator)
    fates = (0..<4).map { _ in Fate.draw(using: &generator) }
    if let fate { fates[0] = fate }
    switch pool {
    case .main, .abort: break
    case .flaky: fates = fates.map { $0 == .stall || $0 == .stallInside ? .fine : $0 }
    case .doomed:
      self.form = .get
      fates = fates.map { _ in Int.random(in: 0..<5, using: &generator) < 3 ? .closeBeforeHead : .fine }
    }
    if fates.contains(.oneByteChunks) || fates.contains(.badChunk) { answer = .chunked }
    fates = fates.map(possible)
  }

  private static func drawForm(using generator: inout some RandomNumberGenerator) -> Form {
    let number = Int.random(in: 0..<1000, using: &generator)
    if number < 4 { return .large }
    let all: [Form] = [.get, .get, .head, .put, .old, .post, .post, .chunked, .rewritten, .raw]
    return all[number % all.count]
  }

  private static func drawAnswer(using generator: inout some RandomNumberGenerator) -> Answer {
    let number = Int.random(in: 0..<1000, using: &generator)
    if number < 4 { return .large }
    let all: [Answer] = [.length, .length, .length, .chunked, .chunked, .events, .events, .untilClose, .empty]
    return all[number % all.count]
  }

  /// The fate, or the nearest one that the answer has room for.
  private func possible(_ fate: Fate) -> Fate {
    let hasBody = form != .head && answer != .empty
    if fate.isInBody && !hasBody { return .fine }
    if answer != .untilClose { return fate }
    switch fate {
    // What ends with its connection cannot be cut short by closing it, and takes in all that follows.
    case .truncated: return .resetInside
    case .extra, .closeAfter: return .fine
    case .early: return .earlyClose
    default: return fate
    }
  }

  /// Whether a server may get it twice. Source: RFC 9110, section 9.2.2.
  var isIdempotent: Bool { ["GET", "HEAD", "PUT"].contains(method) }

  var method: String {
    switch form {
    case .get, .old: "GET"
    case .head: "HEAD"
    case .put: "PUT"
    case .post, .chunked, .large, .rewritten, .raw: "POST"
    }
  }

  var isJSON: Bool { [.post, .chunked, .large, .rewritten].contains(form) }
  var hasBody: Bool { isJSON || form == .put || form == .raw }
  var isChunked: Bool { form == .chunked || (form == .raw && id % 2 == 0) }
  var path: String { isJSON ? "/\(pool)/v1/chat/completions" : "/\(pool)/raw/\(id)" }

  /// The body that the client sends.
  var body: ByteBuffer { body(model: form == .rewritten ? "alias" : "base") }

  /// The body that a server must get. A Service has no models of its own.
  var arrivingBody: ByteBuffer {
    body(model: form != .rewritten ? "base" : pool == .flaky ? "alias" : SoakRequest.targetModel)
  }

  static let targetModel = "a-model-of-another-name"

  private func body(model: String) -> ByteBuffer {
    var out = ByteBuffer()
    guard hasBody else { return out }
    let size = form == .large ? 300_000 : 40 + id % 700
    guard isJSON else {
      fill(&out, size)
      return out
    }
    out.writeString("{\"text\":\"")
    fill(&out, id % 3 == 0 ? size : 0)
    out.writeString("\",\"model\":\"\(model)\",\"more\":\"")
    fill(&out, id % 3 == 0 ? 0 : size)
    out.writeString("\"}")
    return out
  }

  /// The body that a server answers with.
  var answerBody: ByteBuffer { answerPieces.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) } }

  /// The same in the pieces that make a chunk each: events, where it is a stream of them.
  var answerPieces: [ByteBuffer] {
    switch answer {
    case .empty: return []
    case .events:
      return (0..<2 + id % 5).map { ByteBuffer(string: "data: {\"request\":\(id),\"event\":\($0)}\n\n") }
    case .length, .chunked, .untilClose, .large:
      var all = ByteBuffer()
      fill(&all, answer == .large ? 200_000 : 30 + id % 600)
      let third = all.readableBytes / 3
      return [all.readSlice(length: third), all.readSlice(length: third), all].compactMap(\.self)
    }
  }

  /// Text of so many bytes that no other request has.
  private func fill(_ out: inout ByteBuffer, _ count: Int) {
    let token = "request \(id); "
    var left = count
    while left > 0 {
      left -= token.utf8.count
      out.writeString(token)
    }
  }
}
