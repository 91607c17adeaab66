import Foundation
import JSONText

/// What a credential plugin gave: an `ExecCredential`'s status.
struct ExecCredential: Sendable, Equatable {
  /// A bearer token.
  var token: String?
  /// A PEM certificate and its key; both or neither.
  var certificate: [UInt8]?
  var key: [UInt8]?
  /// When it ends, in seconds since 1970; `nil` for a credential that lasts until the server refuses it.
  var expiration: Int64?

  /// Reads what the program wrote. Throws `ConfigurationError`, which never repeats it.
  init(output: [UInt8], of plugin: ExecPlugin) throws {
    func failure(_ what: String) -> ConfigurationError {
      ConfigurationError("exec: \(plugin.command) \(what); run it by hand to see what it writes")
    }
    let answer: Answer
    do {
      answer = try JSONCoding.decode(Answer.self, from: output)
    } catch {
      throw failure("wrote no ExecCredential to its output")
    }
    guard answer.apiVersion == plugin.apiVersion else {
      throw failure("answered in apiVersion \"\(answer.apiVersion ?? "")\" where \(plugin.apiVersion) was asked for")
    }
    let status = answer.status
    token = status?.token.flatMap { $0.isEmpty ? nil : $0 }
    certificate = status?.clientCertificateData.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    key = status?.clientKeyData.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    guard (certificate == nil) == (key == nil) else {
      throw failure("gave a certificate without its key, or the reverse")
    }
    guard token != nil || certificate != nil else { throw failure("gave neither a token nor a certificate") }
    if let text = status?.expirationTimestamp {
      guard let time = RFC3339Time(text) else { throw failure("gave an expirationTimestamp that is no time") }
      expiration = time.seconds
    }
  }

  private struct Answer: Decodable {
    struct Status: Decodable {
      var token: String?
      var clientCertificateData: String?
      var clientKeyData: String?
      var expirationTimestamp: String?
    }

    var apiVersion: String?
    var status: Status?
  }
}
