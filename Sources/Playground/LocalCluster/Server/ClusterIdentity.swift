import Certificates
import Foundation

/// What a local cluster keeps between starts besides its objects: certificates, token and port.
struct ClusterIdentity: Sendable {
  let folder: String
  let certificates: IssuedCertificates
  let token: String

  /// Reads the identity of a data directory, or makes one.
  ///
  /// - Throws: `StorageFailure` or `CertificateError` naming the file.
  static func load(folder: String) throws -> ClusterIdentity {
    try PrivateFolder.make(folder)
    let path = folder + "/token"
    let kept = try DiskFile.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let token = kept.count >= 32 ? kept : (0..<32).map { _ in hexadecimal(UInt8.random(in: 0...255)) }.joined()
    if token != kept { try PrivateFile.write(token, to: path) }
    return ClusterIdentity(folder: folder, certificates: try ClusterCertificates.load(folder: folder), token: token)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0" + text : text
  }

  var kubeconfigPath: String { folder + "/kubeconfig" }
  private var portPath: String { folder + "/port" }

  /// The port of the last start, if it is still free.
  func rememberedPort() -> Int? {
    guard let data = FileManager.default.contents(atPath: portPath),
      let port = Int(String(decoding: data, as: UTF8.self).filter(\.isNumber)), (1...65535).contains(port)
    else { return nil }
    return Self.isFree(port) ? port : nil
  }

  func remember(port: Int) throws { try PrivateFile.write(String(port), to: portPath) }

  /// Whether nothing listens on a port of 127.0.0.1.
  static func isFree(_ port: Int) -> Bool {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// The kubeconfig for this cluster on a port.
  func kubeconfig(port: Int) -> String {
    """
    apiVersion: v1
    kind: Config
    clusters:
    - name: switchyard
      cluster:
        server: https://127.0.0.1:\(port)
        certificate-authority-data: \(Base64.encode(Array(certificates.authority.utf8)))
    users:
    - name: switchyard
      user:
        token: \(token)
    contexts:
    - name: switchyard
      context:
        cluster: switchyard
        user: switchyard
        namespace: default
    current-context: switchyard

    """
  }
}
