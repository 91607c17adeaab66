/// Finds the token counts in a model server's answer as it passes: the `usage` objects of a JSON body or of the data lines of an
/// event stream, cut anywhere.
///
/// In valid JSON the bytes `"usage"` behind a brace, a comma or white space and before a colon can only be the name of a member:
/// a quote inside a string has a backslash before it. So nothing else of the document is looked at, and the way between two
/// usage objects is a search for two bytes, eight places at a time. A name written with escapes is not found; no server
/// writes it so. The state is of a fixed size, and nothing is allocated.
///
/// Sources: https://platform.openai.com/docs/api-reference/chat/object (chat, completions, embeddings, responses),
/// https://docs.anthropic.com/en/docs/build-with-claude/streaming (`message_start` and `message_delta`).
package struct UsageScanner: Sendable {
  private enum State { case search, colon, value, object }

  private static let name: StaticString = "\"usage\""

  private var state = State.search
  /// How many bytes of the name have come, and what came before them.
  private var matched = 0
  private var before: UInt8 = 0
  /// The last byte that came.
  private var last: UInt8 = 0
  private var object = UsageObjectReader()
  private var counts = UsageCounts()

  /// A scanner before the first byte.
  package init() {}

  /// What was told so far: of several objects the last to name a count, but that 0 replaces nothing. Anthropic's first event
  /// tells the prompt and its last one the answer, and some servers then write 0 for what they have told before.
  package var usage: TokenUsage { counts.usage }

  /// Takes the next bytes of the body.
  package mutating func scan(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    while index < bytes.count {
      if state == .search, matched == 0 {
        index = skip(bytes, from: index)
        guard index < bytes.count else { return }
      }
      let byte = bytes[index]
      step(byte)
      last = byte
      index += 1
    }
  }

  /// Where the next name may begin.
  private mutating func skip(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let index = JSONBytes.pair(UInt8(ascii: "\""), UInt8(ascii: "u"), in: bytes, from: start)
    if index > start { last = bytes[index - 1] }
    return index
  }

  private mutating func step(_ byte: UInt8) {
    switch state {
    case .search: search(byte)
    case .colon: if byte == UInt8(ascii: ":") { state = .value } else if !JSONBytes.isBlank(byte) { restart(byte) }
    case .value:
      if byte == UInt8(ascii: "{") {
        object = UsageObjectReader()
        state = .object
      } else if !JSONBytes.isBlank(byte) {
        restart(byte)
      }
    case .object: if !object.take(byte, into: &counts) { restart(byte) }
    }
  }

  private mutating func search(_ byte: UInt8) {
    guard byte == Self.name.utf8Start[matched] else { return restart(byte) }
    if matched == 0 { before = last }
    matched += 1
    guard matched == Self.name.utf8CodeUnitCount else { return }
    if before == UInt8(ascii: "{") || before == UInt8(ascii: ",") || JSONBytes.isBlank(before) {
      (state, matched) = (.colon, 0)
    } else {
      restart(byte)
    }
  }

  /// This was no name of usage; the byte may be the first of one.
  private mutating func restart(_ byte: UInt8) {
    state = .search
    matched = byte == UInt8(ascii: "\"") ? 1 : 0
    before = last
  }
}

/// The counts of usage objects under the names that they have there.
struct UsageCounts: Equatable {
  /// The members that are counts. Those of details are one object deeper.
  enum Member: UInt8, CaseIterable {
    case promptTokens, inputTokens, completionTokens, outputTokens, cacheRead, cacheCreation, cachedTokens

    /// The member's name, without quotes.
    var name: StaticString {
      switch self {
      case .promptTokens: "prompt_tokens"
      case .inputTokens: "input_tokens"
      case .completionTokens: "completion_tokens"
      case .outputTokens: "output_tokens"
      case .cacheRead: "cache_read_input_tokens"
      case .cacheCreation: "cache_creation_input_tokens"
      case .cachedTokens: "cached_tokens"
      }
    }

    /// How deep in the usage object it stands.
    var depth: Int { self == .cachedTokens ? 2 : 1 }
  }

  private var input: Int?
  private var output: Int?
  private var cached: Int?
  private var cacheCreation: Int?
  /// Anthropic does not count what came out of the cache, or went into it, as input.
  private var cacheIsExtra = false

  /// A member has been told.
  mutating func take(_ member: Member, _ value: Int) {
    switch member {
    case .promptTokens, .inputTokens: Self.replace(&input, value)
    case .completionTokens, .outputTokens: Self.replace(&output, value)
    case .cachedTokens: Self.replace(&cached, value)
    case .cacheRead:
      cacheIsExtra = true
      Self.replace(&cached, value)
    case .cacheCreation: Self.replace(&cacheCreation, value)
    }
  }

  private static func replace(_ old: inout Int?, _ new: Int) { if old == nil || new > 0 { old = new } }

  /// The counts in our words.
  var usage: TokenUsage {
    let extra = (cacheIsExtra ? cached ?? 0 : 0) + (cacheCreation ?? 0)
    return TokenUsage(input: input.map { $0 + extra }, output: output, cached: cached)
  }
}
