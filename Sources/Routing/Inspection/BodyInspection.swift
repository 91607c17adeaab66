/// Whether and how a request's body is looked into for its model, as far as its head tells.
public enum BodyInspection: Sendable, Equatable {
  /// The client says that the body is JSON: what is not JSON is an error.
  case strict
  /// The client does not say, or says what careless tools say of anything: the body is looked into, and passes as it
  /// is if it is no JSON.
  case lenient
  /// The body is not looked into; the sentence says why, and what to do about it.
  case none(because: String)

  /// What the head of a request asks for.
  ///
  /// - Parameter method: in capitals.
  public init(method: String, headers: some RequestHeaders) {
    guard method == "POST" || method == "PUT" || method == "PATCH" else {
      self = .none(because: "A request of the method \(method) is not looked into for a model.")
      return
    }
    if let coding = headers.first("content-encoding"), !ASCIIText.isSame(coding, "identity") {
      self = .none(
        because: "The body has content-encoding '\(coding)', which the gateway cannot look into: send it uncompressed.")
      return
    }
    guard let type = headers.first("content-type") else {
      self = .lenient
      return
    }
    self.init(essence: ASCIIText.trimmed(type.prefix { $0 != ";" }))
  }

  private init(essence: Substring) {
    if ASCIIText.isSame(essence, "application/json") || ASCIIText.hasSuffix(essence, "+json") {
      self = .strict
    } else if essence.isEmpty || ASCIIText.isSame(essence, "application/x-www-form-urlencoded")
      || ASCIIText.hasPrefix(essence, "text/")
    {
      // `curl -d` declares a form, whatever it sends; browsers send text/plain to avoid a preflight.
      self = .lenient
    } else {
      self = .none(
        because: "The body has content-type '\(essence)', which the gateway does not look into: "
          + "send one JSON object as application/json.")
    }
  }
}
