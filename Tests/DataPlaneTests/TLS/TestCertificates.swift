import Foundation
import NIOSSL
import Routing
import TestSupport

/// Certificates made by openssl, once for all tests.
struct TestCertificates: Sendable {
  static let shared = Result { try TestCertificates() }

  /// An authority, another one, and what each has signed: `NAME.pem` and `NAME.key`.
  let folder: String

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "switchyard-tls-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for authority in ["ca", "stranger"] {
      try openssl(
        ["req", "-x509", "-days", "2", "-subj", "/CN=\(authority)", "-keyout", "\(authority).key"]
          + ["-out", "\(authority).pem"] + Self.newKey)
    }
    for (name, names) in [
      ("shop", "shop.example"), ("api", "api.example"), ("renewed", "shop.example"), ("wild", "*.wild.example"),
      ("workload", "model.example,URI:spiffe://example/model"), ("addressed", "shop.example,IP:127.0.0.1"),
    ] { try issue(name, names: names) }
    try issue("client", names: "client")
    try issue("foreign", names: "client", authority: "stranger")
    try issueExpired("expired")
  }

  private func issue(_ name: String, names: String, authority: String = "ca") throws {
    try openssl(
      ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(names)"]
        + ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", "\(authority).pem", "-CAkey", "\(authority).key"]
        + ["-keyout", "\(name).key", "-out", "\(name).pem"] + Self.newKey)
  }

  /// One that ended yesterday.
  private func issueExpired(_ name: String) throws {
    try openssl(
      ["req", "-new", "-subj", "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr"] + Self.newKey)
    try openssl(
      ["x509", "-req", "-in", "\(name).csr", "-days", "-1", "-CA", "ca.pem", "-CAkey", "ca.key"]
        + ["-CAcreateserial", "-out", "\(name).pem"])
  }

  private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

  private func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool("openssl") ?? "")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure("openssl \(arguments) failed") }
  }

  func path(_ file: String) -> String { "\(folder)/\(file)" }

  func bytes(_ file: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(file)))) }

  /// A certificate with its key, as a store has it.
  func keyed(_ name: String) throws -> KeyedCertificate {
    KeyedCertificate(chain: try bytes("\(name).pem"), key: PrivateKey(pem: try bytes("\(name).key")))
  }

  /// What a server shows.
  func server(showing name: String, speaks protocols: [String] = []) throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMBytes(bytes("\(name).pem")).map { NIOSSLCertificateSource.certificate($0) }
    let key = try NIOSSLPrivateKey(bytes: bytes("\(name).key"), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
    configuration.applicationProtocols = protocols
    return configuration
  }

  /// What a client trusts, and shows of itself.
  func client(showing certificate: String? = nil, offers protocols: [String] = []) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(bytes("ca.pem")))
    configuration.applicationProtocols = protocols
    if let certificate {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(bytes("\(certificate).pem"))
        .map { .certificate($0) }
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: bytes("\(certificate).key"), format: .pem))
    }
    return configuration
  }
}
