/// The authority of a request: what stands in `Host`, and behind `http://` in `Origin`.
///
/// Source: RFC 9110, 7.2, and RFC 3986, 3.2.
struct HostName: Equatable {
  /// In lower case, without brackets and without the dot that may end a name.
  let name: String
  /// `nil` where none is given.
  let port: Int?
  /// The address, if the name is one.
  let address: HostAddress?

  /// Reads `name`, `name:port`, `127.0.0.1:9090` or `[::1]:9090`; `nil` for anything else, a user's name included.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    var rest = Substring(text)
    var inBrackets: String?
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      inBrackets = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
      guard rest.isEmpty || rest.first == ":" else { return nil }
    }
    let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let port = Self.port(parts[1]) else { return nil }
      self.port = port
    } else {
      port = nil
    }
    if let inBrackets {
      guard inBrackets.contains(":"), let address = HostAddress(inBrackets) else { return nil }
      self.address = address
      name = inBrackets.lowercased()
    } else {
      guard let name = Self.name(parts.first ?? "") else { return nil }
      self.name = name
      address = HostAddress(name)
    }
  }

  /// Reads a host without a port: a name or an address, one of IPv6 with or without brackets.
  init?(host text: String) {
    self.init(text.contains(":") && text.first != "[" ? "[\(text)]" : text)
    guard port == nil else { return nil }
  }

  /// The same host: by address, where both are one.
  func isSameHost(as other: HostName) -> Bool {
    if let address, let theirs = other.address { return address == theirs }
    return name == other.name
  }

  private static func port(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text), port <= 65_535 else {
      return nil
    }
    return port
  }

  /// One dot at the end says that the name is complete, and changes nothing.
  private static func name(_ text: Substring) -> String? {
    var name = text.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    let isRight = name.utf8.allSatisfy { byte in
      (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46 || byte == 95
    }
    return name.isEmpty || name.hasSuffix(".") || !isRight ? nil : name
  }
}
