import DataPlane
import JSONText
import Routing

/// One request as a line, with its line feed. What is not known is left out. `docs/access-log.md` says what each member means.
struct AccessLogLine {
  /// Bytes of a client's text that are written; a path may have as many as a head.
  static let textLimit = 1024

  private(set) var bytes: [UInt8] = []
  private let format: AccessLogConfiguration.Format

  init(_ record: ProxyRecord, at time: RFC3339Time, as format: AccessLogConfiguration.Format) {
    self.format = format
    bytes.reserveCapacity(512)
    if format == .json { bytes.append(UInt8(ascii: "{")) }
    add("time", time.text(decimals: 3))
    addRequest(record)
    addAnswer(record)
    if format == .json { bytes.append(UInt8(ascii: "}")) }
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func addRequest(_ record: ProxyRecord) {
    add("id", record.requestID)
    add("client", record.client)
    add("method", record.method.isEmpty ? nil : record.method)
    add("path", record.path)
    add("listener", "\(EndpointID(address: record.listenerAddress ?? "*", port: record.listenerPort))")
    add("route", record.subject.route?.description)
    add("pool", record.pool?.description)
    add("endpoint", record.endpoint?.description)
    add("model", record.model)
    add("criticality", record.subject.priority?.criticality.rawValue)
  }

  private mutating func addAnswer(_ record: ProxyRecord) {
    add("status", bare: record.status)
    add("reason", record.error?.kind.rawValue)
    add("tokens_in", bare: record.usage.input)
    add("tokens_cached", bare: record.usage.cached)
    add("tokens_out", bare: record.usage.output)
    add("ttft_ms", milliseconds: record.firstBodyByteNanoseconds)
    add("tpot_ms", milliseconds: record.nanosecondsPerOutputToken)
    add("queue_ms", milliseconds: record.queueNanoseconds)
    add("gateway_ms", milliseconds: record.gatewayNanoseconds)
    add("duration_ms", milliseconds: record.durationNanoseconds)
    add("attempts", bare: record.attempts)
    add("bytes_in", bare: record.requestBytes)
    add("bytes", bare: record.responseBytes)
  }

  private mutating func begin(_ name: StaticString) {
    let isFirst = bytes.count < 2
    if format == .json {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      bytes.append(UInt8(ascii: "\""))
    } else if !isFirst {
      bytes.append(UInt8(ascii: " "))
    }
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    if format == .json { bytes.append(contentsOf: "\":".utf8) } else { bytes.append(UInt8(ascii: "=")) }
  }

  private mutating func add(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    begin(name)
    let isPlain = text.utf8.count <= Self.textLimit && text.utf8.allSatisfy(Self.isPlain)
    if isPlain, format == .json || !text.isEmpty && !text.utf8.contains(where: Self.parts) {
      if format == .json { bytes.append(UInt8(ascii: "\"")) }
      bytes.append(contentsOf: text.utf8)
      if format == .json { bytes.append(UInt8(ascii: "\"")) }
    } else {
      Self.quote(text, into: &bytes)
    }
  }

  private mutating func add(_ name: StaticString, bare number: Int?) {
    guard let number else { return }
    begin(name)
    bytes.append(contentsOf: String(number).utf8)
  }

  /// To the microsecond.
  private mutating func add(_ name: StaticString, milliseconds nanoseconds: UInt64?) {
    guard let nanoseconds else { return }
    begin(name)
    let micros = nanoseconds / 1000
    bytes.append(contentsOf: String(micros / 1000).utf8)
    bytes.append(UInt8(ascii: "."))
    bytes.append(contentsOf: String(micros % 1000 + 1000).utf8.dropFirst())
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C }

  /// Whether a text with this byte needs quotes between other pairs.
  private static func parts(_ byte: UInt8) -> Bool { byte == 0x20 || byte == UInt8(ascii: "=") }

  /// A JSON string. Clients choose such texts: escaped is also what a terminal or a reader of lines takes for more than a letter.
  private static func quote(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var count = 0
    for scalar in text.unicodeScalars {
      count += scalar.utf8.count
      guard count <= textLimit else {
        bytes.append(contentsOf: "…".utf8)
        break
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        for unit in scalar.utf16 { bytes.append(contentsOf: "\\u\(hexadecimal(unit))".utf8) }
      default:
        if scalar == "\"" || scalar == "\\" { bytes.append(UInt8(ascii: "\\")) }
        bytes.append(contentsOf: scalar.utf8)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func hexadecimal(_ unit: UInt16) -> Substring { String(Int(unit) + 0x10000, radix: 16).dropFirst() }
}
