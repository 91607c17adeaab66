/// What a server does with a request that has come to it.
package enum Fate: UInt8, CaseIterable, Sendable {
  case fine
  /// A byte or a few at a time.
  case dribbled
  /// In chunks of one byte.
  case oneByteChunks
  /// Interim responses first.
  case interim
  case unavailable
  /// Answers as soon as the head has come, and then reads the rest.
  case early
  /// The same, and closes with the rest unread.
  case earlyClose
  case closeBeforeHead
  case resetBeforeHead
  /// Never answers.
  case stall
  /// Stops in the middle of the body.
  case stallInside
  case halfHead
  case malformedHead
  /// Closes in the middle of the body.
  case truncated
  /// Resets in the middle of the body.
  case resetInside
  case badChunk
  /// Sends another whole response behind the one that was asked for.
  case extra
  /// Answers, does not say that it closes, and closes.
  case closeAfter
  /// Closes without an answer if the connection has carried a request before.
  case closeReused

  /// How often each is drawn, in so many of ``totalWeight``.
  var weight: Int {
    switch self {
    case .fine: 6500
    case .closeAfter, .closeReused: 400
    case .oneByteChunks, .interim, .unavailable, .closeBeforeHead, .truncated: 300
    case .dribbled, .early, .resetBeforeHead, .halfHead, .malformedHead, .resetInside, .badChunk, .extra: 200
    case .earlyClose: 100
    // Each holds its client for as long as the wait.
    case .stall, .stallInside: 3
    }
  }

  static let totalWeight = allCases.reduce(0) { $0 + $1.weight }

  /// Whether the server acts before the request has come whole.
  var isEarly: Bool { self == .early || self == .earlyClose || self == .resetBeforeHead }

  /// Whether it needs a body of the response.
  var isInBody: Bool {
    switch self {
    case .oneByteChunks, .stallInside, .truncated, .resetInside, .badChunk: true
    default: false
    }
  }

  static func draw(using generator: inout some RandomNumberGenerator) -> Fate {
    var left = Int.random(in: 0..<totalWeight, using: &generator)
    for fate in allCases {
      left -= fate.weight
      if left < 0 { return fate }
    }
    return .fine
  }
}
