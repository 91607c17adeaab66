/// The head of one part of a form, line by line.
///
/// Source: RFC 7578, section 4; RFC 2046, section 5.1. What the parsers of model servers read differently is a fault, where
/// it could hide a field `model` from one of them.
struct PartHead: Sendable {
  /// Bytes that a head may have.
  static let limit = 8192

  /// What the part is to the gateway.
  enum Field: Equatable {
    /// Any field but `model`.
    case other
    /// The field `model`, as text.
    case model
    /// A field that is `model` but for letter case.
    case otherCase
  }

  private enum Name { case other, model, otherCase }

  private var name = Name.other
  private var hasDisposition = false
  private var isFormData = false
  private var isFile = false
  private var isCoded = false

  /// Takes a line, without its end; says what is wrong with it.
  mutating func take(_ line: UnsafeRawBufferPointer) -> String? {
    if ASCIIBytes.isBlank(line[0]) { return "a header of a part goes on in a second line: write it in one" }
    guard !ASCIIBytes.hasPrefix(line, "--"), let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F }), line.allSatisfy({ $0 >= 0x20 || $0 == 0x09 })
    else { return "a line of a part's head is no header" }
    let header = UnsafeRawBufferPointer(rebasing: line[..<colon])
    let value = ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]))
    if ASCIIBytes.isSame(header, "content-disposition") { return takeDisposition(value) }
    if ASCIIBytes.isSame(header, "content-transfer-encoding") {
      isCoded = !["7bit", "8bit", "binary"].contains { ASCIIBytes.isSame(value, $0) }
    }
    return nil
  }

  private mutating func takeDisposition(_ value: UnsafeRawBufferPointer) -> String? {
    if hasDisposition { return "a part has more than one Content-Disposition" }
    hasDisposition = true
    var parameters = MIMEParameters(value)
    isFormData = ASCIIBytes.isSame(parameters.word, "form-data")
    var hasName = false
    while true {
      switch parameters.next() {
      case .end: return nil
      case .fault: return "the Content-Disposition of a part cannot be read: write name=\"NAME\""
      case .parameter(let parameter):
        if ASCIIBytes.hasPrefix(parameter.name, "name*") {
          return "the name of a part is written as name*: write name=\"NAME\" (RFC 7578, section 4.2)"
        }
        if ASCIIBytes.hasPrefix(parameter.name, "filename") { isFile = true }
        guard ASCIIBytes.isSame(parameter.name, "name") else { continue }
        if hasName { return "a part has more than one name" }
        hasName = true
        if let fault = takeName(parameter) { return fault }
      }
    }
  }

  private mutating func takeName(_ parameter: MIMEParameters.Parameter) -> String? {
    name = parameter.value.withUnsafeBytes { value in
      guard ASCIIBytes.isSame(value, ModelNameScanner.key) else { return .other }
      return ExactBytes.isSame(value, "model".utf8) ? .model : .otherCase
    }
    if name != .other && parameter.hasEscapes { return "the name of the field 'model' is written with backslashes" }
    return nil
  }

  /// The head is complete: what the part is, or what is wrong with it.
  func finish() -> (field: Field, fault: String?) {
    switch name {
    case .other: return (.other, nil)
    case .otherCase: return (.otherCase, nil)
    case .model:
      if !isFormData { return (.other, "the Content-Disposition of the field 'model' is not form-data") }
      if isFile { return (.other, "the field 'model' is a file: send it as text, without a filename") }
      if isCoded { return (.other, "the field 'model' has a Content-Transfer-Encoding: send it as it is") }
      return (.model, nil)
    }
  }
}
