/// One kubeconfig file as it is written, as far as we use it.
struct KubeConfigFile: Decodable, Sendable {
  struct NamedCluster: Decodable, Sendable {
    var name: String
    var cluster: Cluster
  }

  struct NamedUser: Decodable, Sendable {
    var name: String
    var user: User?
  }

  struct NamedContext: Decodable, Sendable {
    var name: String
    var context: Context
  }

  struct Cluster: Decodable, Sendable {
    var server: String?
    var certificateAuthority: String?
    var certificateAuthorityData: String?
    var insecureSkipTLSVerify: Bool?
    var tlsServerName: String?
    var proxyURL: String?

    enum CodingKeys: String, CodingKey {
      case server
      case certificateAuthority = "certificate-authority"
      case certificateAuthorityData = "certificate-authority-data"
      case insecureSkipTLSVerify = "insecure-skip-tls-verify"
      case tlsServerName = "tls-server-name"
      case proxyURL = "proxy-url"
    }

    /// With absolute paths; what is empty is as if it were not there, as for kubectl.
    func resolved(in directory: String) -> Cluster {
      var copy = self
      copy.certificateAuthority = ConfigurationFile.resolve(certificateAuthority, in: directory)
      copy.tlsServerName = tlsServerName.unlessEmpty
      copy.proxyURL = proxyURL.unlessEmpty
      return copy
    }
  }

  struct User: Decodable, Sendable {
    /// An old provider: only that it is there matters.
    struct Provider: Decodable, Sendable {}

    /// A program that gives a credential.
    struct Exec: Decodable, Sendable {
      struct Variable: Decodable, Sendable {
        var name: String
        var value: String
      }

      var apiVersion: String?
      var command: String?
      var args: [String]?
      var env: [Variable]?
      var installHint: String?
      var provideClusterInfo: Bool?
      var interactiveMode: String?
    }

    var clientCertificate: String?
    var clientCertificateData: String?
    var clientKey: String?
    var clientKeyData: String?
    var token: String?
    var tokenFile: String?
    var username: String?
    var password: String?
    var impersonate: String?
    var impersonateUID: String?
    var impersonateGroups: [String]?
    var impersonateExtra: [String: [String]]?
    var exec: Exec?
    var authProvider: Provider?

    enum CodingKeys: String, CodingKey {
      case clientCertificate = "client-certificate"
      case clientCertificateData = "client-certificate-data"
      case clientKey = "client-key"
      case clientKeyData = "client-key-data"
      case token, tokenFile, username, password, exec
      case impersonate = "as"
      case impersonateUID = "as-uid"
      case impersonateGroups = "as-groups"
      case impersonateExtra = "as-user-extra"
      case authProvider = "auth-provider"
    }

    /// With absolute paths; what is empty is as if it were not there, as for kubectl.
    func resolved(in directory: String) -> User {
      var copy = self
      copy.clientCertificate = ConfigurationFile.resolve(clientCertificate, in: directory)
      copy.clientKey = ConfigurationFile.resolve(clientKey, in: directory)
      copy.tokenFile = ConfigurationFile.resolve(tokenFile, in: directory)
      copy.username = username.unlessEmpty
      copy.impersonate = impersonate.unlessEmpty
      copy.impersonateUID = impersonateUID.unlessEmpty
      // A command with a slash is a path, one without is looked for in PATH.
      if let command = exec?.command, command.contains("/") {
        copy.exec?.command = ConfigurationFile.resolve(command, in: directory)
      }
      return copy
    }
  }

  struct Context: Decodable, Sendable {
    var cluster: String
    var user: String?
    var namespace: String?
  }

  var currentContext: String?
  var clusters: [NamedCluster]?
  var users: [NamedUser]?
  var contexts: [NamedContext]?

  enum CodingKeys: String, CodingKey {
    case clusters, users, contexts
    case currentContext = "current-context"
  }
}

extension String? {
  fileprivate var unlessEmpty: String? { self?.isEmpty == false ? self : nil }
}
