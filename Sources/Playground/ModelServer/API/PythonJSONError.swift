import JSONText

/// A mistake in a JSON body in the words and at the place of Python's `json.loads`, which is what vLLM's clients read.
struct PythonJSONError: Error, Equatable {
  var message: String
  /// Index of the character, counted from 0.
  var position: Int

  init(_ error: JSONSyntaxError, in bytes: [UInt8]) {
    let (message, offset) = Self.rendering(error)
    self.message = message
    position = bytes[..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
  }

  /// The words, and the index of the byte that Python points at.
  private static func rendering(_ error: JSONSyntaxError) -> (String, Int) {
    switch error.kind {
    case .value: ("Expecting value", error.offset)
    case .word, .digit(after: .sign): ("Expecting value", error.start)
    case .name: ("Expecting property name enclosed in double quotes", error.offset)
    case .colon: ("Expecting ':' delimiter", error.offset)
    case .memberSeparator, .itemSeparator: ("Expecting ',' delimiter", error.offset)
    case .controlCharacter: ("Invalid control character at", error.offset)
    case .unterminatedString: ("Unterminated string starting at", error.start)
    case .escape: ("Invalid \\escape", error.start)
    case .unicodeEscape: ("Invalid \\uXXXX escape", error.start + 1)
    case .depth(let limit): ("Nesting is deeper than \(limit) levels", error.offset)
    case .trailing: ("Extra data", error.offset)
    // Python reads the number up to there and stumbles over what follows; it has no largest number.
    case .digit: (error.depth == 0 ? "Extra data" : "Expecting ',' delimiter", error.start)
    case .numberRange: ("Number out of range", error.start)
    }
  }
}
