/// Whether and how a request's body is looked into for its model, as far as its head tells.
public enum BodyInspection: Sendable, Equatable {
  /// The client says that the body is JSON: what is not JSON is an error.
  case strict
  /// The client does not say, or says what careless tools say of anything: the body is looked into, and passes as it
  /// is if it is no JSON.
  case lenient
  /// The body is not looked into; ``reasonForNone(_:)`` says why.
  case none

  /// What the head of a request asks for.
  public init(_ head: RequestHead) {
    guard Self.hasBody(head), !Self.isEncoded(head) else {
      self = .none
      return
    }
    guard let type = head.block.first(.contentType) else {
      self = .lenient
      return
    }
    self = head.block.withBytes(type.value) { Self.inspection(of: Self.essence($0)) }
  }

  /// Why the body of a request is not looked into, and what to do about it; `nil` where it is.
  public static func reasonForNone(_ head: RequestHead) -> String? {
    guard BodyInspection(head) == .none else { return nil }
    if !hasBody(head) { return "A request of the method \(head.methodText) is not looked into for a model." }
    if isEncoded(head) {
      let coding = head.block.text(.contentEncoding) ?? ""
      return "The body has content-encoding '\(coding)', which the gateway cannot look into: send it uncompressed."
    }
    let type = head.block.first(.contentType).map { field in
      head.block.withBytes(field.value) { String(decoding: essence($0), as: UTF8.self) }
    }
    return "The body has content-type '\(type ?? "")', which the gateway does not look into: "
      + "send one JSON object as application/json."
  }

  private static func hasBody(_ head: RequestHead) -> Bool {
    head.isMethod("POST") || head.isMethod("PUT") || head.isMethod("PATCH")
  }

  private static func isEncoded(_ head: RequestHead) -> Bool {
    head.block.contains(.contentEncoding) && !head.block.value(of: .contentEncoding, is: "identity")
  }

  /// A media type without its parameters.
  private static func essence(_ type: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let end = type.firstIndex(of: UInt8(ascii: ";")) ?? type.count
    return ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: type[..<end]))
  }

  private static func inspection(of essence: UnsafeRawBufferPointer) -> BodyInspection {
    if ASCIIBytes.isSame(essence, "application/json") || ASCIIBytes.hasSuffix(essence, "+json") { return .strict }
    // `curl -d` declares a form, whatever it sends; browsers send text/plain to avoid a preflight.
    let isAnything =
      essence.isEmpty || ASCIIBytes.isSame(essence, "application/x-www-form-urlencoded")
      || ASCIIBytes.hasPrefix(essence, "text/")
    return isAnything ? .lenient : .none
  }
}
