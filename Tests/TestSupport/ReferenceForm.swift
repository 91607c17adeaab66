import Foundation

/// A plain reader of a whole `multipart/form-data` body, to hold scanners that see it in pieces to: it cuts the body at its
/// boundaries, takes each part apart with expressions, and stops at the first fault, or at a second field `model`.
public struct ReferenceForm {
  /// The field `model`, and its bytes in the body.
  public private(set) var model: (name: String, range: Range<Int>)?
  /// There is a second one, perhaps in another letter case.
  public private(set) var hasSecond = false
  /// The form cannot be read, or is not whole.
  public private(set) var isFaulty = false

  private enum Stop: Error { case fault, end }

  private let bytes: Data
  private let delimiter: Data
  private var hasOtherCase = false

  /// Reads a body.
  public init(_ body: [UInt8], boundary: String) {
    // As if behind a line end: positions are two higher than in the body.
    bytes = Data("\r\n".utf8) + Data(body)
    delimiter = Data("\n--\(boundary)".utf8)
    do {
      var start = try cut(from: 0, contentStart: nil)
      while !hasSecond { start = try part(from: start) }
    } catch {
      isFaulty = error as? Stop != .end
    }
  }

  /// Reads a part whose head begins here; returns where the next one's begins.
  private mutating func part(from start: Int) throws -> Int {
    var start = start
    var lines: [String] = []
    while true {
      guard let end = bytes[start...].range(of: Data("\r\n".utf8)) else { throw Stop.fault }
      let line = bytes[start..<end.lowerBound]
      guard !line.contains(0x0A), !line.contains(0x0D) else { throw Stop.fault }
      start = end.upperBound
      if line.isEmpty { break }
      lines.append(String(data: line, encoding: .isoLatin1) ?? "")
      guard lines.reduce(2, { $0 + $1.unicodeScalars.count + 1 }) <= 8192 else { throw Stop.fault }
    }
    let name = try fieldName(lines)
    if name?.lowercased() == "model", model != nil || hasOtherCase && name == "model" {
      hasSecond = true
      return start
    }
    if name != "model", name?.lowercased() == "model" { hasOtherCase = true }
    return try cut(from: start - 1, contentStart: start, isModel: name == "model")
  }

  /// Finds the next boundary; returns where the head behind it begins.
  private mutating func cut(from start: Int, contentStart: Int?, isModel: Bool = false) throws -> Int {
    guard let found = bytes[start...].range(of: delimiter), bytes[found.lowerBound - 1] == 0x0D else {
      throw Stop.fault
    }
    if let contentStart {
      let end = found.lowerBound - 1
      guard contentStart <= end else { throw Stop.fault }
      if isModel {
        guard end - contentStart <= 1024, let name = String(validating: bytes[contentStart..<end], as: UTF8.self) else {
          throw Stop.fault
        }
        model = (name, contentStart - 2..<end - 2)
      }
    }
    let rest = String(data: bytes[found.upperBound...].prefix(200), encoding: .isoLatin1) ?? ""
    if rest.firstMatch(of: /^--[ \t]*(?:\r\n|\r?$)/.matchingSemantics(.unicodeScalar)) != nil { throw Stop.end }
    guard let line = rest.firstMatch(of: /^[ \t]*\r\n/.matchingSemantics(.unicodeScalar)) else { throw Stop.fault }
    return found.upperBound + line.output.unicodeScalars.count
  }

  /// The name of the field that a head declares, which must be text if it is `model`.
  private func fieldName(_ lines: [String]) throws -> String? {
    var dispositions: [String] = []
    var isCoded = false
    for line in lines {
      guard let match = line.wholeMatch(of: /([!-9;-~]+):[ \t]*([^\x00-\x08\x0A-\x1F]*?)[ \t]*/),
        !line.hasPrefix("--")
      else { throw Stop.fault }
      switch match.1.lowercased() {
      case "content-disposition": dispositions.append(String(match.2))
      case "content-transfer-encoding": isCoded = !["7bit", "8bit", "binary"].contains(match.2.lowercased())
      default: break
      }
    }
    guard let disposition = dispositions.first else { return nil }
    guard dispositions.count == 1 else { throw Stop.fault }
    let word = disposition.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    let parameters = try parameters(String(disposition.dropFirst(disposition.prefix { $0 != ";" }.count)))
    let names = parameters.filter { $0.name.lowercased() == "name" }
    guard names.count < 2, !parameters.contains(where: { $0.name.lowercased().hasPrefix("name*") }) else {
      throw Stop.fault
    }
    guard let name = names.first else { return nil }
    let value = name.value.replacing(/\\(.)/) { $0.1 }
    guard value.lowercased() == "model" else { return value }
    guard value == name.value else { throw Stop.fault }
    let isFile = parameters.contains { $0.name.lowercased().hasPrefix("filename") }
    guard value != "model" || word.lowercased() == "form-data" && !isFile && !isCoded else { throw Stop.fault }
    return value
  }

  private func parameters(_ text: String) throws -> [(name: String, value: String)] {
    var rest = text[...]
    var list: [(name: String, value: String)] = []
    while true {
      rest = rest.drop { " \t;".contains($0) }
      if rest.isEmpty { return list }
      let next = /([^\x00-\x20\x7F;"=]+)=(?:"((?:[^"\\]|\\.)*)"|([^\x00-\x20\x7F;"]+))[ \t]*(?=;|$)/
      guard let match = rest.prefixMatch(of: next) else { throw Stop.fault }
      list.append((String(match.1), String(match.2 ?? match.3 ?? "")))
      rest = rest[match.range.upperBound...]
    }
  }
}
