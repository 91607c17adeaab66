/// A routing table, made ready once for all the requests that it decides.
public final class CompiledTable: Sendable {
  /// The table as it was published.
  public let table: RoutingTable
  /// How many tables were published before it.
  let number: Int
  /// The pools, by the certificate that their endpoints are shown.
  private let pools: [ObjectName?: [PoolID: CompiledPool]]
  /// The ports at which listeners serve in clear, and those at which they serve inside TLS.
  private let ports: [Int: PortIndex]
  private let securePorts: [Int: PortIndex]
  /// The listeners whose connections begin with a PROXY header.
  private let proxied: [Int: Set<String>]

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
    // One object a pool for all Gateways that show it the same; a pool that no listener reaches has states, too.
    var pools: [ObjectName?: [PoolID: CompiledPool]] = [:]
    for certificate in Set([nil] + table.listeners.map(\.clientCertificate)) {
      pools[certificate] = table.pools.mapValues { CompiledPool($0, states: states, showing: certificate) }
    }
    self.pools = pools
    let lists = ModelListCache(states.discoveries)
    let listeners = table.listeners.map {
      CompiledListener($0, pools: pools[$0.clientCertificate] ?? [:], lists: lists)
    }
    func index(_ listeners: [CompiledListener]) -> [Int: PortIndex] {
      Dictionary(grouping: listeners, by: \.listener.port).mapValues { PortIndex($0) }
    }
    ports = index(listeners.filter { $0.listener.serving == .http })
    securePorts = index(listeners.filter { $0.listener.serving != .http })
    proxied = Dictionary(
      table.listeners.filter(\.expectsProxyHeader).map { ($0.port, Set($0.addresses)) },
      uniquingKeysWith: { $0.union($1) })
  }

  /// A pool of the table, as requests of a listener get it.
  func pool(_ id: PoolID, for listener: CompiledListener? = nil) -> CompiledPool? {
    pools[listener?.listener.clientCertificate]?[id]
  }

  /// The listener that a request belongs to: of those on this address and port that serve its host, the one with the most
  /// specific host name.
  func listener(for head: RequestHead, at arrival: Arrival) -> CompiledListener? {
    let ports = arrival.secureListener == nil ? ports : securePorts
    guard let port = ports[arrival.port], let hosts = Self.hosts(of: port, at: arrival.address) else { return nil }
    return head.block.withBytes(head.host) { Self.first(hosts, $0) }
  }

  /// Whether a connection to this address and port must begin with TLS. Where listeners of both kinds share a port,
  /// those in clear have it.
  public func isSecure(at arrival: Arrival) -> Bool {
    func isThere(_ ports: [Int: PortIndex]) -> Bool {
      ports[arrival.port].flatMap { Self.hosts(of: $0, at: arrival.address) } != nil
    }
    return isThere(securePorts) && !isThere(ports)
  }

  /// Whether a listener of protocol TLS is at this address and port.
  public func passesBytes(at arrival: Arrival) -> Bool {
    table.listeners.contains { listener in
      guard case .tls = listener.serving, listener.port == arrival.port else { return false }
      return arrival.address.map { listener.addresses.isEmpty || listener.addresses.contains($0) } ?? true
    }
  }

  /// Whether a connection to this address and port must begin with a header of the PROXY protocol.
  public func expectsProxyHeader(at arrival: Arrival) -> Bool {
    guard let addresses = proxied[arrival.port] else { return false }
    return arrival.address.map { addresses.contains($0) } ?? true
  }

  /// The listener of TLS for a client that asks for `name`: as for requests, the one with the most specific host name. A
  /// client that names no host is for the listener that serves all.
  public func secureListener(named name: String?, at arrival: Arrival) -> Listener? {
    guard let port = securePorts[arrival.port], let hosts = Self.hosts(of: port, at: arrival.address) else {
      return nil
    }
    var name = name ?? ""
    return name.withUTF8 { Self.first(hosts, UnsafeRawBufferPointer($0)) }?.listener
  }

  private static func first(_ hosts: HostIndex<CompiledListener>, _ host: UnsafeRawBufferPointer) -> CompiledListener? {
    var found: CompiledListener?
    hosts.forEach(host) { listener in
      found = listener
      return true
    }
    return found
  }

  private static func hosts(of port: PortIndex, at address: String?) -> HostIndex<CompiledListener>? {
    guard var address else { return port.all }
    return address.withUTF8 { port.byAddress.find(UnsafeRawBufferPointer($0)) }
  }
}
