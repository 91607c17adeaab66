public import KubernetesAPI

/// Gives each Gateway of our classes its address: a function of the Gateways alone, so that all replicas give the same,
/// whatever order they learn of them in, and a restart changes nothing.
///
/// A Gateway keeps the address that its status says; else it gets what its `spec.addresses` asks for; else the lowest free
/// address of the range. Of two that want the same the older one gets it.
public struct AddressBook: Sendable {
  /// Where addresses come from.
  public let policy: AddressPolicy

  /// A book.
  public init(policy: AddressPolicy) {
    self.policy = policy
  }

  /// The address of each of `gateways`; one that asks for an address outside the range, or finds the range used up,
  /// is left out.
  public func assign(_ gateways: [Gateway]) -> [ObjectKey: [String]] {
    switch policy {
    case .range(let range): Self.assign(gateways.oldestFirst(), in: range)
    case .shared(let address): Self.share(address, gateways)
    }
  }

  private static func assign(_ gateways: [Gateway], in range: AddressRange) -> [ObjectKey: [String]] {
    var assigned: [ObjectKey: [String]] = [:]
    var taken: Set<String> = []
    func give(_ choose: (Gateway) -> String?) {
      for gateway in gateways where assigned[gateway.key] == nil {
        guard let address = choose(gateway) else { continue }
        assigned[gateway.key] = [address]
        taken.insert(address)
      }
    }
    give { gateway in
      let requests = requests(gateway)
      return (gateway.status?.addresses ?? []).compactMap(\.value).first { value in
        range.contains(value) && !taken.contains(value) && (requests.isEmpty || requests.contains(value))
      }
    }
    // Before those that take any: an address that is asked for must not be given to one that takes any.
    give { requests($0).first { range.contains($0) && !taken.contains($0) } }
    give { requests($0).isEmpty ? range.lowest(notIn: taken) : nil }
    return assigned
  }

  private static func share(_ address: String, _ gateways: [Gateway]) -> [ObjectKey: [String]] {
    let served = gateways.filter { gateway in
      let requests = requests(gateway)
      return requests.isEmpty || requests.contains(address)
    }
    return Dictionary(served.map { ($0.key, [address]) }, uniquingKeysWith: { first, _ in first })
  }

  /// The IP addresses that the Gateway's owner asks for.
  private static func requests(_ gateway: Gateway) -> [String] {
    gateway.spec.addresses.filter { ($0.type ?? "IPAddress") == "IPAddress" }.compactMap(\.value)
      .filter { !$0.isEmpty }
  }
}
