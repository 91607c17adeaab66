import Foundation

/// What goes into the `Authorization` header. It never appears in a description or a log.
public enum Credential: Sendable, CustomStringConvertible {
  /// Nothing; a client certificate may speak for us.
  case none
  /// A fixed bearer token.
  case token(String)
  /// A file with a bearer token, read anew for every request: its rotation needs no timer, and costs microseconds.
  case tokenFile(path: String)
  /// Name and password.
  case basic(username: String, password: String)
  /// What a program gives: a token, a certificate or both.
  case exec(ExecCredentials)

  /// The header's value; `nil` for none. Throws `ConfigurationError` when the file cannot be read or is empty.
  func authorization() throws -> String? {
    switch self {
    case .none, .exec: return nil
    case .token(let token): return "Bearer \(token)"
    case .basic(let username, let password):
      return "Basic \(Data("\(username):\(password)".utf8).base64EncodedString())"
    case .tokenFile(let path):
      let bytes = try ConfigurationFile.read(path, for: "tokenFile")
      let token = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      guard !token.isEmpty else {
        throw ConfigurationError("tokenFile: \(path) is empty: write a token into it, or remove the entry")
      }
      return "Bearer \(token)"
    }
  }

  /// The kind of credential, without the secret.
  public var description: String {
    switch self {
    case .none: "no credential"
    case .token: "a token"
    case .tokenFile(let path): "the token in \(path)"
    case .basic(let username, _): "the password of \(username)"
    case .exec(let credentials): "what \(credentials.plugin.command) gives"
    }
  }
}
