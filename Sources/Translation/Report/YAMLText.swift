import JSONText

/// Text with the structure of YAML: enough to write reports that people read and tools can parse.
indirect enum YAMLText {
  case text(String)
  case list([YAMLText])
  /// Members in this order.
  case map([(String, YAMLText)])

  /// The lines, without indentation.
  var lines: [String] {
    switch self {
    case .text(let text): [Self.quotedIfNeeded(text)]
    case .list(let items): items.isEmpty ? ["[]"] : items.flatMap(Self.item)
    case .map(let members): members.isEmpty ? ["{}"] : members.flatMap(Self.member)
    }
  }

  private static func item(_ value: YAMLText) -> [String] {
    value.lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
  }

  private static func member(_ name: String, _ value: YAMLText) -> [String] {
    let key = quotedIfNeeded(name)
    switch value {
    case .text: return ["\(key): \(value.lines.joined())"]
    case .list(let items) where items.isEmpty: return ["\(key): []"]
    case .map(let members) where members.isEmpty: return ["\(key): {}"]
    case .list: return ["\(key):"] + value.lines
    case .map: return ["\(key):"] + value.lines.map { "  " + $0 }
    }
  }

  /// Plain where YAML reads the text back as the same string or number, otherwise in double quotes.
  private static func quotedIfNeeded(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":") && !text.hasSuffix(" ")
      && !"-?:,[]{}#&*!|>'\"%@` ".contains(text.first ?? " ") && !text.contains(where: \.isNewline)
      && !text.contains("\"")
    // A JSON string is a double-quoted YAML scalar.
    return isPlain ? text : JSONWriter.quoted(text)
  }
}

extension YAMLText {
  /// The values under their keys, sorted.
  static func sorted<Key: Comparable & CustomStringConvertible, Value>(
    _ values: [Key: Value], _ text: (Value) -> YAMLText
  ) -> YAMLText {
    .map(values.sorted { $0.key < $1.key }.map { ($0.key.description, text($0.value)) })
  }
}
