/// Whether and how a request's body is looked into for its model, as far as its head tells.
public enum BodyInspection: Sendable, Equatable {
  /// The client says that the body is JSON: what is not JSON is an error.
  case strict
  /// The client does not say, or says what careless tools say of anything: the body is looked into, and passes as it
  /// is if it is no JSON.
  case lenient
  /// The client says that the body is a form with several parts, which this boundary separates.
  case form(boundary: [UInt8])
  /// The body has a coding; this is what is behind it.
  indirect case coded(ContentCoding, BodyInspection)
  /// The head says of the body what cannot be; the message says what, and what to do.
  case invalid(message: String)
  /// The body is not looked into; ``reasonForNone(_:)`` says why.
  case none

  /// What the head of a request asks for.
  public init(_ head: RequestHead) {
    guard Self.hasBody(head) else {
      self = .none
      return
    }
    let decoded = Self.decoded(head)
    guard decoded != .none, head.block.contains(.contentEncoding) else {
      self = decoded
      return
    }
    switch Self.coding(head) {
    case .identity: self = decoded
    case .known(let coding): self = .coded(coding, decoded)
    case .unknown: self = .none
    }
  }

  /// The `Content-Encoding` of a body that would be looked into without it, where the gateway does not know how to undo it.
  static func unknownCoding(_ head: RequestHead) -> String? {
    guard head.block.contains(.contentEncoding), hasBody(head), case .unknown = coding(head), decoded(head) != .none
    else {
      return nil
    }
    let values = head.block.fields.filter { $0.known == .contentEncoding }.map { head.block.text($0.value) }
    return values.joined(separator: ", ")
  }

  private enum Coding {
    case identity
    case known(ContentCoding)
    case unknown
  }

  private static func coding(_ head: RequestHead) -> Coding {
    guard !head.block.isRepeated(.contentEncoding), let field = head.block.first(.contentEncoding) else {
      return .unknown
    }
    return head.block.withBytes(field.value) { value in
      if value.isEmpty || ASCIIBytes.isSame(value, "identity") { return .identity }
      if ASCIIBytes.isSame(value, "gzip") || ASCIIBytes.isSame(value, "x-gzip") { return .known(.gzip) }
      return ASCIIBytes.isSame(value, "deflate") ? .known(.deflate) : .unknown
    }
  }

  /// What there is to look into behind the coding.
  private static func decoded(_ head: RequestHead) -> BodyInspection {
    guard let type = head.block.first(.contentType) else { return .lenient }
    if head.block.isRepeated(.contentType) {
      return .invalid(message: "The request has more than one Content-Type. Send the one that its body has.")
    }
    return head.block.withBytes(type.value) { inspection(of: $0) }
  }

  /// Why the body of a request is not looked into, and what to do about it; `nil` where it is.
  public static func reasonForNone(_ head: RequestHead) -> String? {
    guard BodyInspection(head) == .none else { return nil }
    if !hasBody(head) { return "A request of the method \(head.methodText) is not looked into for a model." }
    if let coding = unknownCoding(head) { return GatewayError.unknownCoding(coding).message }
    let type = head.block.first(.contentType).map { field in
      head.block.withBytes(field.value) { String(decoding: essence($0), as: UTF8.self) }
    }
    return "The body has content-type '\(type ?? "")', which the gateway does not look into: "
      + "send one JSON object as application/json, or a form as multipart/form-data."
  }

  private static func hasBody(_ head: RequestHead) -> Bool {
    head.isMethod("POST") || head.isMethod("PUT") || head.isMethod("PATCH")
  }

  /// A media type without its parameters.
  private static func essence(_ type: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let end = type.firstIndex(of: UInt8(ascii: ";")) ?? type.count
    return ASCIIBytes.trimmed(UnsafeRawBufferPointer(rebasing: type[..<end]))
  }

  private static func inspection(of type: UnsafeRawBufferPointer) -> BodyInspection {
    let essence = essence(type)
    if ASCIIBytes.isSame(essence, "application/json") || ASCIIBytes.hasSuffix(essence, "+json") { return .strict }
    if ASCIIBytes.isSame(essence, "multipart/form-data") {
      return MIMEParameters.boundary(type).map { .form(boundary: $0) }
        ?? .invalid(
          message: "The Content-Type 'multipart/form-data' has no valid boundary. "
            + "Write boundary=TEXT behind it, with 1 to 70 characters of ASCII.")
    }
    // `curl -d` declares a form, whatever it sends; browsers send text/plain to avoid a preflight.
    let isAnything =
      essence.isEmpty || ASCIIBytes.isSame(essence, "application/x-www-form-urlencoded")
      || ASCIIBytes.hasPrefix(essence, "text/")
    return isAnything ? .lenient : .none
  }
}
