import JSONText

extension ModelNameScanner {
  static let key: StaticString = "model"

  /// Takes the next bytes of the body.
  public mutating func scan(_ bytes: [UInt8]) -> Result {
    bytes.withUnsafeBytes { scan($0) }
  }

  /// The bytes that replace the range of ``Result/found(name:range:)``: the name as a JSON string, with its quotes.
  public static func rewritten(_ name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.utf8.count + 2)
    JSONWriter.append(name, to: &bytes)
    return bytes
  }
}
