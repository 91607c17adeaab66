public import KubernetesAPI

/// Gives each Gateway of our classes its address. Does no I/O, and the same history gives the same addresses.
///
/// A Gateway keeps what it has: first what this process gave it, then what its status says (so that a restart changes
/// nothing), then what its `spec.addresses` asks for; else it gets the lowest free address of the range.
public struct AddressBook: Sendable {
  /// Where addresses come from.
  public let policy: AddressPolicy
  /// What was given so far.
  public private(set) var assigned: [ObjectKey: String] = [:]

  /// A book without entries.
  public init(policy: AddressPolicy) {
    self.policy = policy
  }

  /// The address of each of `gateways`; one that asks for an address outside the range, or finds the range used up,
  /// is left out. Entries of other gateways are forgotten, and their addresses are free again.
  public mutating func assign(_ gateways: [Gateway]) -> [ObjectKey: [String]] {
    guard case .range(let range) = policy else { return assignShared(gateways) }
    let ordered = gateways.oldestFirst()
    let names = Set(ordered.map(\.key))
    assigned = assigned.filter { names.contains($0.key) }
    for gateway in ordered { giveBackUnasked(gateway) }
    var taken = Set(assigned.values)
    keepStatus(of: ordered, in: range, taken: &taken)
    for gateway in ordered where assigned[gateway.key] == nil {
      let requests = Self.requests(gateway)
      let address =
        requests.isEmpty
        ? range.lowest(notIn: taken) : requests.first { range.contains($0) && !taken.contains($0) }
      give(address, to: gateway, taken: &taken)
    }
    return assigned.mapValues { [$0] }
  }

  /// A Gateway that asks for other addresses than the one it has gives that one back.
  private mutating func giveBackUnasked(_ gateway: Gateway) {
    let requests = Self.requests(gateway)
    if let address = assigned[gateway.key], !requests.isEmpty, !requests.contains(address) {
      assigned[gateway.key] = nil
    }
  }

  private mutating func give(_ address: String?, to gateway: Gateway, taken: inout Set<String>) {
    guard let address else { return }
    assigned[gateway.key] = address
    taken.insert(address)
  }

  private mutating func assignShared(_ gateways: [Gateway]) -> [ObjectKey: [String]] {
    guard case .shared(let address) = policy else { return [:] }
    assigned = [:]
    for gateway in gateways {
      let requests = Self.requests(gateway)
      if requests.isEmpty || requests.contains(address) { assigned[gateway.key] = address }
    }
    return assigned.mapValues { [$0] }
  }

  private mutating func keepStatus(of gateways: [Gateway], in range: AddressRange, taken: inout Set<String>) {
    for gateway in gateways where assigned[gateway.key] == nil {
      let requests = Self.requests(gateway)
      let kept = (gateway.status?.addresses ?? []).compactMap(\.value).first { value in
        range.contains(value) && !taken.contains(value) && (requests.isEmpty || requests.contains(value))
      }
      give(kept, to: gateway, taken: &taken)
    }
  }

  /// The IP addresses that the Gateway's owner asks for.
  private static func requests(_ gateway: Gateway) -> [String] {
    gateway.spec.addresses.filter { ($0.type ?? "IPAddress") == "IPAddress" }.compactMap(\.value)
      .filter { !$0.isEmpty }
  }
}
