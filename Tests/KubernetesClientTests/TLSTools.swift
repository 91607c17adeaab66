import Foundation
import KubernetesClient
import TestSupport

/// Whether an HTTP/2 server can be had that is not ours: the programs openssl and node make one.
let hasHTTP2Server = isInstalled("openssl") && isInstalled("node")

/// An authority, a server's certificate for 127.0.0.1 and kubernetes.test, and a client's, made by openssl.
struct Certificates {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/tls-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    try run(
      ["req", "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem"] + key)
    for (name, alternative) in [("server", "IP:127.0.0.1,DNS:kubernetes.test"), ("client", "DNS:client")] {
      try run(
        ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(alternative)"]
          + ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key"]
          + ["-keyout", "\(name).key", "-out", "\(name).pem"] + key)
    }
  }

  var authority: [UInt8] { get throws { try read("ca.pem") } }
  var identity: TLSIdentity {
    get throws {
      try TLSIdentity(certificateAuthority: authority, certificate: clientCertificate, key: clientKey)
    }
  }
  var clientCertificate: [UInt8] { get throws { try read("client.pem") } }
  var clientKey: [UInt8] { get throws { try read("client.key") } }

  private func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }

  private func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool("openssl") ?? "")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ConfigurationFailure(arguments: arguments) }
  }

  struct ConfigurationFailure: Error {
    var arguments: [String]
  }
}

/// Node's HTTP/2 server, which takes only clients with a certificate. Ends with this value.
final class HTTP2Server {
  let port: Int
  private let process = Process()

  var url: String { "https://127.0.0.1:\(port)" }

  private static let script = """
    const fs = require('fs'), http2 = require('http2'), folder = process.argv[1];
    const read = name => fs.readFileSync(`${folder}/${name}`);
    let connections = 0, watches = [];
    const server = http2.createSecureServer({
      key: read('server.key'), cert: read('server.pem'), ca: read('ca.pem'),
      requestCert: true, rejectUnauthorized: true, allowHTTP1: true,
    }, (request, response) => {
      const socket = request.socket;
      if (request.url === '/watch') { response.write('event\\n'); watches.push(response); return; }
      if (request.url === '/tell') { watches.forEach(watch => watch.write('event\\n')); response.end(); return; }
      if (request.url === '/never') return;
      if (request.url === '/missing') { response.statusCode = 404; response.end('nothing here'); return; }
      if (request.url === '/big') { response.end('x'.repeat(1500000)); return; }
      if (request.url === '/ticks') {
        const timer = setInterval(() => response.write('tick\\n'), 50);
        response.on('close', () => clearInterval(timer));
        return;
      }
      if (request.url === '/connections') { response.end(String(connections)); return; }
      if (request.url === '/name') {
        response.end(`${socket.servername} ${request.headers[':authority'] || request.headers.host}`);
        return;
      }
      response.end(`${request.httpVersion} ${socket.getPeerCertificate().subject.CN}`);
    });
    server.on('secureConnection', () => { connections++; });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
    """

  init(_ files: Certificates) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: tool("node") ?? "")
    process.arguments = ["-e", Self.script, files.folder]
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }
}
