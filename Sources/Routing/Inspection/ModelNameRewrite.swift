import JSONText

extension ModelNameScanner {
  /// The bytes that replace the range of ``Result/found(name:range:)``: the name as a JSON string, with its quotes.
  public static func rewritten(_ name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.utf8.count + 2)
    JSONWriter.append(name, to: &bytes)
    return bytes
  }
}
