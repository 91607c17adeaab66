import Certificates
package import NIOSSL
package import Routing
import Synchronization

/// The TLS contexts for the endpoints and the pickers of the newest table, made when table or certificates are published, in the publisher's time.
public final class UpstreamTLSContexts: Sendable {
  private struct State {
    var number = -1
    var choices: [UpstreamTransport: Result<UpstreamTLSContext, GatewayError>] = [:]
  }

  private let table: Published<RoutingTable>
  private let certificates: Published<CertificateStore>
  private let count = Atomic<Int>(0)
  private let state = Mutex(State())
  private let changes = Atomic<Int>(0)

  /// Follows a table and the certificates from now on.
  package init(table: Published<RoutingTable>, certificates: Published<CertificateStore>) {
    self.table = table
    self.certificates = certificates
    table.onPublish { [weak self] _, _ in self?.update() }
    certificates.onPublish { [weak self] _, _ in self?.update() }
    update()
  }

  /// A number that changes whenever the certificates behind a transport do: connections that were made before are of no more use.
  package var trust: Int { changes.load(ordering: .acquiring) }

  /// The context for endpoints that this is spoken with.
  ///
  /// - Throws: `tls_failed` where none of the authorities, or not the certificate, that it names can be used.
  package func context(for transport: UpstreamTransport) throws(GatewayError) -> NIOSSLContext {
    if let choice = known(transport) { return try choice.get().context }
    // The table that has it was published just now, and we have not been told yet.
    update()
    guard let choice = known(transport) else { throw .poolIsGone }
    return try choice.get().context
  }

  /// Whether a certificate, as DER, has a name that `security` asks for.
  ///
  /// - Throws: where it cannot be read.
  package func accepts(_ certificate: [UInt8], for security: UpstreamTLS) throws -> Bool {
    security.accepts(try Certificate(der: certificate))
  }

  private func known(_ transport: UpstreamTransport) -> Result<UpstreamTLSContext, GatewayError>? {
    state.withLock { $0.choices[transport] }
  }

  private func update() {
    // Before it looks: who has a later number has seen all that was published before an earlier one was taken.
    let number = count.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
    let transports = table.current.transports.filter { $0.security != nil }
    var builder = Builder(store: certificates.current)
    for case .success(let context) in state.withLock({ $0.choices.values }) {
      builder.made[context.ingredients] = context
    }
    var next = State(number: number)
    for transport in transports { next.choices[transport] = builder.choice(transport) }
    let isOther = state.withLock { state in
      guard number > state.number else { return false }
      defer { state = next }
      return next.choices.contains { transport, choice in
        guard case .success(let before)? = state.choices[transport] else { return false }
        if case .success(let now) = choice { return now.ingredients != before.ingredients }
        return true
      }
    }
    if isOther { changes.add(1, ordering: .releasing) }
  }

  /// Makes contexts, each once, and takes those that were made before.
  private struct Builder {
    let store: CertificateStore
    var made: [UpstreamTLSContext.Ingredients: UpstreamTLSContext] = [:]

    mutating func choice(_ transport: UpstreamTransport) -> Result<UpstreamTLSContext, GatewayError> {
      guard let security = transport.security else { return .failure(.poolIsGone) }
      do {
        return .success(try context(transport.application, security))
      } catch {
        return .failure(GatewayError(.tlsFailed, "the certificates for it cannot be used: \(error)"))
      }
    }

    private mutating func context(
      _ application: UpstreamTransport.Application, _ security: UpstreamTLS
    ) throws -> UpstreamTLSContext {
      let ingredients = UpstreamTLSContext.Ingredients(
        application: application, authorities: try bundle(security.authorities),
        clientCertificate: try security.clientCertificate.map(own))
      let context = try made[ingredients] ?? UpstreamTLSContext(ingredients)
      made[ingredients] = context
      return context
    }

    private func own(_ name: ObjectName) throws -> KeyedCertificate {
      guard let found = store.certificates[name] else {
        throw Missing(description: "\(name), which the Gateway shows endpoints, holds none")
      }
      return found
    }

    /// All bundles as one; `nil` for the system's.
    private func bundle(_ authorities: UpstreamTLS.Authorities) throws -> [UInt8]? {
      guard case .bundles(let names) = authorities else { return nil }
      let found = names.compactMap { store.authorities[$0] }
      guard !found.isEmpty else {
        throw Missing(description: "\(names.map(\.description).joined(separator: ", ")) holds none")
      }
      return Array(found.joined(separator: [UInt8(ascii: "\n")]))
    }
  }

  private struct Missing: Error, CustomStringConvertible {
    var description: String
  }
}

extension GatewayError {
  /// A pool went away while a connection to one of its endpoints was being made.
  fileprivate static let poolIsGone = GatewayError(.tlsFailed, "its pool is no longer served over TLS")
}
