// What a request says of where it comes from and what shall become of it, which not everybody may say.
extension FieldBlock {
  /// Whether the block holds any of it.
  @inline(__always) var holdsClaims: Bool { containsAny(of: Self.claims) }

  private static let claims = KnownField.set([
    .reserved, .xSwitchyard, .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost, .xForwardedPort,
    .xForwarded,
  ])

  /// Takes away what the sender may not say. Of a trusted caller what it says of the request's way stays, and what only
  /// gateways may set becomes a field like any other (``KnownField/added``).
  ///
  /// - Returns: the model that a trusted caller names.
  mutating func settleClaims(isTrusted: Bool) -> String? {
    guard isTrusted else {
      remove { field, _ in KnownField.set([field.known]) & Self.claims != 0 }
      return nil
    }
    let model = text(modelNameHeader)
    // The gateway tells endpoints both names itself.
    remove(modelNameHeader)
    remove(baseModelNameHeader)
    remove { field, _ in field.known == .xSwitchyard }
    admitReserved()
    return model.flatMap { $0.isEmpty || $0.utf8.count > ModelNameScanner.nameLimit ? nil : $0 }
  }
}

// How a client came to who calls us, as a trusted caller tells it; of others nothing is left of it.
extension RequestHead {
  /// `http` or `https`.
  public var toldScheme: String? {
    guard let scheme = block.text(.xForwardedProto)?.lowercased() else { return nil }
    return scheme == "http" || scheme == "https" ? scheme : nil
  }

  /// The port that it connected to, else the one of the scheme.
  public var toldPort: Int? {
    if let text = block.text(.xForwardedPort), let port = Int(text), (1...65_535).contains(port) { return port }
    return toldScheme.map { $0 == "https" ? 443 : 80 }
  }
}
