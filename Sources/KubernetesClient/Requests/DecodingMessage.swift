/// Says what does not decode, and where, in one line.
enum DecodingMessage {
  static func text(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context): return line(context)
    case .keyNotFound(let key, let context):
      return "\(path(context.codingPath + [key])) is missing"
    case .dataCorrupted(let context): return line(context)
    @unknown default: return "\(error)"
    }
  }

  private static func line(_ context: DecodingError.Context) -> String {
    let place = path(context.codingPath)
    return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    var text = ""
    for key in keys {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return text
  }
}
