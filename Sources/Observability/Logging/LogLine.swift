import JSONText
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
    var members: [OrderedJSON.Member] = [
      .init("time", .string(time)), .init("level", .string("\(level)")), .init("logger", .string(label)),
      .init("message", .string(message)),
    ]
    if !metadata.isEmpty { members.append(.init("metadata", Self.json(.dictionary(metadata)))) }
    return JSONWriter.text(of: OrderedJSON.object(members))
  }

  private static func json(_ value: Logger.MetadataValue) -> OrderedJSON {
    switch value {
    case .string(let string): .string(string)
    case .stringConvertible(let convertible): .string("\(convertible)")
    case .array(let values): .array(values.map { json($0) })
    case .dictionary(let members):
      .object(members.sorted { $0.key < $1.key }.map { .init($0.key, json($0.value)) })
    }
  }

  /// A message from outside must not forge a second line.
  private static func oneLine(_ string: String) -> String {
    string.contains(where: \.isNewline) ? string.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ") : string
  }

  private static func quoted(_ value: String) -> String {
    let plain = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
    return plain ? value : JSONWriter.quoted(value)
  }
}
