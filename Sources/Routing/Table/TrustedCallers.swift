/// The callers of a Gateway, such as load balancers and other gateways, whose word about their requests is taken: whom they
/// come from and how, and what else only gateways may say (``ReservedHeaders``).
public struct TrustedCallers: Sendable, Equatable {
  /// Where they call from.
  public var prefixes: [AddressPrefix]

  /// The callers of these addresses; by default none.
  public init(_ prefixes: [AddressPrefix] = []) { self.prefixes = prefixes }

  /// Whether nobody is trusted.
  public var isEmpty: Bool { prefixes.isEmpty }

  /// Whether a caller of this address is one of them.
  public func contains(_ address: String?) -> Bool {
    guard !isEmpty, let address, let number = IPAddress(address) else { return false }
    return contains(number)
  }

  private func contains(_ address: IPAddress) -> Bool { prefixes.contains { $0.contains(address) } }

  /// The address of the client for whom one of the callers asks: in the chain that it tells in `X-Forwarded-For`, the last
  /// that is not one of them; the first where all are. What stands before something that is no address counts for nothing.
  ///
  /// - Parameters:
  ///   - block: the fields of its request.
  ///   - caller: its own address.
  public func client(of block: FieldBlock, from caller: String) -> String {
    var client = caller
    for field in block.fields.reversed() where field.known == .xForwardedFor {
      for link in block.text(field.value).split(separator: ",").reversed() {
        guard let address = Self.address(link) else { return client }
        client = address.text
        if !contains(address) { return client }
      }
    }
    return client
  }

  /// Some write a port behind an address, and brackets around one of IPv6.
  private static func address(_ link: Substring) -> IPAddress? {
    let text = link.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    if text.first == "[" { return IPAddress(String(text.dropFirst().prefix { $0 != "]" })) }
    let isWithPort = text.utf8.count { $0 == UInt8(ascii: ":") } == 1
    return IPAddress(String(isWithPort ? text.prefix { $0 != ":" } : text))
  }
}
