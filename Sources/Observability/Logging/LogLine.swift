import Logging

/// One log event, rendered for people or for collectors.
struct LogLine {
  var time: String
  var level: Logger.Level
  var label: String
  var message: String
  var metadata: Logger.Metadata

  /// `2026-11-23T06:00:00.000Z info switchyard: gateway listens address=127.0.0.1:8080`
  var text: String {
    var line = "\(time) \(level) \(label): \(Self.oneLine(message))"
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(Self.quoted("\(value)"))" }
    return line
  }

  /// One object with `time`, `level`, `logger`, `message`, and the metadata under `metadata`.
  var json: String {
    var line = "{\"time\":\"\(time)\",\"level\":\"\(level)\",\"logger\":\(Self.json(label))"
    line += ",\"message\":\(Self.json(message))"
    if !metadata.isEmpty { line += ",\"metadata\":\(Self.json(.dictionary(metadata)))" }
    return line + "}"
  }

  private static func json(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let string): return json(string)
    case .stringConvertible(let convertible): return json("\(convertible)")
    case .array(let values): return "[" + values.map { json($0) }.joined(separator: ",") + "]"
    case .dictionary(let members):
      let pairs = members.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
      return "{" + pairs.joined(separator: ",") + "}"
    }
  }

  private static func json(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// A message from outside must not forge a second line.
  private static func oneLine(_ string: String) -> String {
    string.contains(where: \.isNewline) ? string.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ") : string
  }

  private static func quoted(_ value: String) -> String {
    let plain = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
    return plain ? value : json(value)
  }
}
