/// A routing table, made ready once for all the requests that it decides.
public final class CompiledTable: Sendable {
  /// The table as it was published.
  public let table: RoutingTable
  /// How many tables were published before it.
  let number: Int
  private let ports: [Int: PortIndex]

  /// The listeners of one port.
  private struct PortIndex: Sendable {
    let all: HostIndex<CompiledListener>
    let byAddress: ByteTable<HostIndex<CompiledListener>>

    init(_ listeners: [CompiledListener]) {
      all = Self.index(listeners)
      var byAddress: [String: [CompiledListener]] = [:]
      for listener in listeners {
        for address in Set(listener.listener.addresses) { byAddress[address, default: []].append(listener) }
      }
      self.byAddress = ByteTable(byAddress.map { ($0.key, Self.index($0.value)) })
    }

    /// Of several listeners for one host name, the first serves it.
    private static func index(_ listeners: [CompiledListener]) -> HostIndex<CompiledListener> {
      HostIndex(Dictionary(listeners.map { ($0.listener.hostname, $0) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// Makes a table ready.
  ///
  /// - Parameter states: where the states of the table's endpoints live on.
  init(_ table: RoutingTable, number: Int = 0, states: EndpointStates) {
    self.table = table
    self.number = number
    let pools = table.pools.mapValues { CompiledPool($0, states: states) }
    let listeners = table.listeners.map { CompiledListener($0, pools: pools) }
    ports = Dictionary(grouping: listeners, by: \.listener.port).mapValues { PortIndex($0) }
  }

  /// The listener that a request belongs to: of those on this address and port that serve its host, the one with the most
  /// specific host name.
  func listener(for head: RequestHead, at arrival: Arrival) -> CompiledListener? {
    guard let port = ports[arrival.port], let hosts = Self.hosts(of: port, at: arrival.address) else { return nil }
    var found: CompiledListener?
    head.block.withBytes(head.host) { host in
      hosts.forEach(host) { listener in
        found = listener
        return true
      }
    }
    return found
  }

  private static func hosts(of port: PortIndex, at address: String?) -> HostIndex<CompiledListener>? {
    guard var address else { return port.all }
    return address.withUTF8 { port.byAddress.find(UnsafeRawBufferPointer($0)) }
  }
}
