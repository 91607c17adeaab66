import Descriptors
import Hummingbird
public import Logging
import NIOCore
import Synchronization

/// The operator's door: metrics for Prometheus, probes for the kubelet, and JSON views of the running state.
///
/// Routes: `/metrics`, `/healthz`, `/readyz`, and the JSON routes given at creation. It knows no password: listen on
/// loopback or on an address that only the cluster reaches. Pages in a browser do not get in (``AdminGate``).
public struct AdminServer: Sendable {
  /// Where to listen.
  public struct Configuration: Sendable, Equatable {
    /// Host name or address.
    public var host: String
    /// TCP port; 0 takes a free one, which `onListening` tells.
    public var port: Int
    /// What is right in a request's `Host` besides `localhost`, loopback addresses, ``host`` and the address that the
    /// request came to.
    public var allowedHosts: [String]
    /// Whether all but metrics and probes is answered on loopback alone, so that the server may listen at a pod's address without telling
    /// everybody there of what it serves.
    public var keepsToLoopback: Bool

    /// Creates a configuration.
    public init(
      host: String = "127.0.0.1", port: Int = 9090, allowedHosts: [String] = [], keepsToLoopback: Bool = false
    ) {
      self.keepsToLoopback = keepsToLoopback
      self.host = host
      self.port = port
      self.allowedHosts = allowedHosts
    }

    /// Whether this may stand in ``allowedHosts``: a host name or an address, without a port.
    public static func isHost(_ text: String) -> Bool { HostName(host: text) != nil }
  }

  /// Gives a JSON document, computed for each request.
  public typealias JSONRoute = @Sendable () async -> String

  private let configuration: Configuration
  private let registry: MetricsRegistry
  private let notReady: @Sendable () -> [String]
  private let degraded: @Sendable () -> [String]
  private let routes: [String: JSONRoute]
  private let logger: Logger
  private let onListening: @Sendable (Int) -> Void

  /// Creates a server that does nothing before ``run()``.
  ///
  /// - Parameters:
  ///   - registry: rendered at `/metrics`.
  ///   - notReady: what is not ready yet, one short sentence each; empty when all is ready. Must not block.
  ///   - degraded: what is wrong though all is ready, one line each: told beside `ok`. Must not block.
  ///   - routes: further JSON documents by absolute path, such as `/routes`.
  ///   - onListening: called once with the bound port.
  public init(
    configuration: Configuration, registry: MetricsRegistry, notReady: @escaping @Sendable () -> [String] = { [] },
    degraded: @escaping @Sendable () -> [String] = { [] },
    routes: [String: JSONRoute] = [:], logger: Logger, onListening: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.registry = registry
    self.notReady = notReady
    self.degraded = degraded
    self.routes = routes
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until the task is cancelled or the surrounding service group shuts down.
  ///
  /// - Throws: ``ListenError`` when the address cannot be bound.
  public func run() async throws {
    let listening = ListeningFlag()
    var quiet = logger
    // Hummingbird reports each start at info, and the end of its connections at a shutdown as errors; what matters it
    // throws.
    quiet.logLevel = .critical
    let application = Application(
      router: router(),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), serverName: "switchyard"),
      onServerRunning: { [logger, onListening] channel in
        await AcceptGateHandler.guardInner(channel, logger: logger)
        listening.set()
        let port = channel.localAddress?.port ?? 0
        logger.info("admin server listens", metadata: ["port": "\(port)"])
        onListening(port)
      },
      logger: quiet)
    do {
      try await application.run()
    } catch let error where !listening.isSet && !(error is CancellationError) {
      throw ListenError(
        server: "admin server", host: configuration.host, port: configuration.port, reason: "\(error)")
    }
  }

  private func router() -> Router<AdminContext> {
    let router = Router(context: AdminContext.self)
    router.add(
      middleware: AdminGateMiddleware(
        gate: AdminGate(
          listenHost: configuration.host, allowedHosts: configuration.allowedHosts,
          keepsToLoopback: configuration.keepsToLoopback)))
    router.get("/metrics") { [registry] _, _ in
      Self.response(.ok, PrometheusText.contentType, registry.render())
    }
    router.get("/healthz") { _, _ in Self.response(.ok, Self.plain, "ok\n") }
    router.get("/readyz") { [notReady, degraded] _, _ in
      let missing = notReady()
      guard !missing.isEmpty else {
        return Self.response(.ok, Self.plain, "ok\n" + degraded().map { "degraded: \($0)\n" }.joined())
      }
      return Self.response(.serviceUnavailable, Self.plain, missing.map { "not ready: \($0)\n" }.joined())
    }
    for (path, document) in routes {
      router.get(RouterPath(path)) { _, _ in Self.response(.ok, "application/json", await document()) }
    }
    return router
  }

  static let plain = "text/plain; charset=utf-8"

  static func response(_ status: HTTPResponse.Status, _ type: String, _ body: String) -> Response {
    Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }
}

/// Tells whether the server was bound before it failed.
private final class ListeningFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}
