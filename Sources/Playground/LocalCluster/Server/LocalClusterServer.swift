import Certificates
import Descriptors
import Foundation
import Hummingbird
import HummingbirdCore
public import JSONText
import KubernetesAPI
import KubernetesSchema
public import Logging
import NIOCore
import NIOSSL
public import ServiceLifecycle
import Synchronization

/// What the embedded cluster needs to start.
public struct LocalClusterConfiguration: Sendable {
  /// Where objects, certificates, token and kubeconfig are kept; made with mode 0700.
  public var dataDirectory: String
  /// The port on 127.0.0.1; 0 takes the port of the last start, or any free one.
  public var port: Int
  /// Where the cluster reports its own troubles.
  public var logger: Logger

  /// A configuration.
  public init(dataDirectory: String, port: Int = 0, logger: Logger) {
    self.dataDirectory = dataDirectory
    self.port = port
    self.logger = logger
  }
}

/// A Kubernetes API server for one machine.
///
/// It has no scheduler, no kubelet for real containers and no RBAC; one token may do everything.
public final class LocalClusterServer: ServiceLifecycle.Service {
  private let configuration: LocalClusterConfiguration
  private let identity: ClusterIdentity
  private let boundPort = Mutex(0)
  private let readiness = Readiness()
  let storage: ClusterStorage

  /// Opens the data directory; the objects of an earlier start are back when this returns.
  ///
  /// - Throws: an error that names the file and the cure when the directory cannot be used.
  public init(configuration: LocalClusterConfiguration) throws {
    self.configuration = configuration
    try PrivateFolder.make(configuration.dataDirectory)
    // The storage holds the directory's lock: of two first starts at once only one makes certificates.
    self.storage = try ClusterStorage(
      folder: configuration.dataDirectory + "/objects", builtIn: BuiltInKinds.all(), logger: configuration.logger)
    self.identity = try ClusterIdentity.load(folder: configuration.dataDirectory)
    try ClusterSeed.plant(in: handler)
  }

  /// Where the kubeconfig is written, with mode 0600, before `waitUntilReady` returns.
  public var kubeconfigPath: String { identity.kubeconfigPath }

  /// The port that the server listens on; 0 until it is ready.
  public var port: Int { boundPort.withLock { $0 } }

  /// The address of the API, such as `https://127.0.0.1:6443`.
  public var endpoint: String { "https://127.0.0.1:\(port)" }

  /// The bearer token that may do everything.
  public var token: String { identity.token }

  /// Returns when requests are answered and the kubeconfig is written.
  ///
  /// - Throws: `CancellationError` when the task is cancelled first, as it is when ``run()`` fails beside it in a group.
  public func waitUntilReady() async throws { try await readiness.wait() }

  var handler: APIHandler {
    APIHandler(storage: storage, now: { Date() }, address: { [weak self] in "127.0.0.1:\(self?.port ?? 0)" })
  }

  /// Serves until the task is cancelled or a graceful shutdown is asked for.
  ///
  /// - Throws: when the port is taken or TLS cannot be set up.
  public func run() async throws {
    defer { storage.release() }
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(identity.certificates.server.utf8))
        .map { .certificate($0) },
      privateKey: .privateKey(
        try NIOSSLPrivateKey(bytes: Array(identity.certificates.serverKey.utf8), format: .pem)))
    tls.minimumTLSVersion = .tlsv12
    guard configuration.port == 0 || ClusterIdentity.isFree(configuration.port) else {
      throw LocalClusterError(
        code: 0,
        message: "port \(configuration.port) on 127.0.0.1 is in use; stop what listens there, or choose another port")
    }
    let wanted = configuration.port != 0 ? configuration.port : identity.rememberedPort() ?? 0
    let application = Application(
      responder: APIResponder(handler: handler, token: identity.token),
      server: HTTPServerBuilder { [tls] in try APIChannel(tls: tls, responder: $0) },
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: wanted), serverName: nil),
      onServerRunning: { [weak self, configuration] channel in
        await AcceptGateHandler.guardInner(channel, logger: configuration.logger)
        self?.started(channel.localAddress?.port ?? wanted)
      },
      logger: quietLogger)
    try await withGracefulShutdownHandler {
      try await application.run()
    } onGracefulShutdown: {
      self.storage.close()
    }
  }

  /// Hummingbird reports each start at info, and the end of its connections at a shutdown as errors; what matters it
  /// throws.
  private var quietLogger: Logger {
    var logger = configuration.logger
    logger.logLevel = .critical
    return logger
  }

  private func started(_ port: Int) {
    boundPort.withLock { $0 = port }
    do {
      try identity.remember(port: port)
      try PrivateFile.write(identity.kubeconfig(port: port), to: identity.kubeconfigPath)
    } catch {
      configuration.logger.error("the kubeconfig cannot be written", metadata: ["error": "\(error)"])
    }
    configuration.logger.info("local cluster is serving", metadata: ["endpoint": "\(endpoint)"])
    readiness.open()
  }

  /// Creates or changes an object as `kubectl apply` would, without a connection.
  ///
  /// - Returns: the stored object.
  /// - Throws: `LocalClusterError` with the server's message.
  @discardableResult
  public func apply(manifest: JSONValue, manager: String = "switchyard") throws -> JSONValue {
    let path = try objectPath(manifest)
    let answer = handler.handle(
      APIRequest(
        method: "PATCH", target: "\(path)?fieldManager=\(manager)&force=true&fieldValidation=Strict",
        contentType: "application/apply-patch+yaml", body: JSONWriter.bytes(of: manifest)))
    return try Self.object(answer)
  }

  /// Changes the status of an object by a merge patch.
  ///
  /// - Throws: `LocalClusterError` with the server's message.
  @discardableResult
  public func patchStatus(
    apiVersion: String, kind: String, namespace: String?, name: String, status: JSONValue,
    manager: String = "switchyard"
  ) throws -> JSONValue {
    let identity: JSONValue = [
      "apiVersion": .string(apiVersion), "kind": .string(kind),
      "metadata": ["name": .string(name), "namespace": .string(namespace ?? "")],
    ]
    let patch: JSONValue = ["status": status]
    let answer = handler.handle(
      APIRequest(
        method: "PATCH", target: "\(try objectPath(identity))/status?fieldManager=\(manager)",
        contentType: "application/merge-patch+json", body: JSONWriter.bytes(of: patch)))
    return try Self.object(answer)
  }

  private func objectPath(_ manifest: JSONValue) throws -> String {
    let version = manifest["apiVersion"]?.stringValue ?? ""
    let kindName = manifest["kind"]?.stringValue ?? ""
    guard let kind = storage.read({ $0.kinds.kind(apiVersion: version, kind: kindName) }) else {
      throw LocalClusterError(
        code: 404, message: "no matches for kind \"\(kindName)\" in version \"\(version)\"; apply its definition first")
    }
    guard !manifest.objectName.isEmpty else {
      throw LocalClusterError(code: 422, message: "metadata.name of a \(kindName) is missing")
    }
    let root = kind.group.isEmpty ? "/api/\(kind.version)" : "/apis/\(kind.group)/\(kind.version)"
    let namespace = manifest.objectNamespace.isEmpty ? "default" : manifest.objectNamespace
    return root + (kind.namespaced ? "/namespaces/\(namespace)" : "") + "/\(kind.plural)/\(manifest.objectName)"
  }

  private static func object(_ answer: APIResponse) throws -> JSONValue {
    guard case .bytes(let bytes) = answer.body else { return .null }
    let value = try JSONReader.parse(bytes)
    guard answer.status < 300 else {
      throw LocalClusterError(code: answer.status, message: value["message"]?.stringValue ?? "status \(answer.status)")
    }
    return value
  }
}

/// A refusal by the local cluster of a write made in process.
public struct LocalClusterError: Error, Sendable, CustomStringConvertible {
  /// The HTTP status that a client would have got.
  public var code: Int
  /// The server's message, which names field, value and cure.
  public var message: String

  /// The message.
  public var description: String { message }
}
