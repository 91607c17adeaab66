import Foundation

extension KubeConfig {
  /// What a context comes down to: the current one, or the one named. Reads the files that it names.
  ///
  /// Throws `ConfigurationError`, also for what we refuse: unverified TLS, credential plugins, impersonation.
  public func clientConfiguration(context name: String? = nil) throws -> ClientConfiguration {
    guard let name = name ?? currentContext else {
      throw ConfigurationError("current-context is not set: choose one with `kubectl config use-context NAME`")
    }
    guard let context = contexts[name] else {
      let known = contextNames.joined(separator: ", ")
      throw ConfigurationError(
        "context \"\(name)\" does not exist: the kubeconfig has \(known.isEmpty ? "none" : known)")
    }
    guard let cluster = clusters[context.cluster] else {
      throw ConfigurationError("contexts[\(name)].cluster: there is no cluster \"\(context.cluster)\" in clusters")
    }
    var user = KubeConfigFile.User()
    if let userName = context.user, !userName.isEmpty {
      guard let found = users[userName] else {
        throw ConfigurationError("contexts[\(name)].user: there is no user \"\(userName)\" in users")
      }
      user = found
    }
    let place = "clusters[\(context.cluster)]"
    return ClientConfiguration(
      server: try Self.server(of: cluster, place),
      tls: try Self.tls(cluster, place, user, "users[\(context.user ?? "")]"),
      credential: try Self.credential(of: user, "users[\(context.user ?? "")]"),
      namespace: context.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default", proxy: cluster.proxyURL,
      certificateFiles: Self.certificateFiles(of: user))
  }

  /// The files of a user's certificate, without those that inline data outdoes.
  private static func certificateFiles(of user: KubeConfigFile.User) -> ClientCertificateFiles? {
    let files = ClientCertificateFiles(
      certificate: (user.clientCertificateData ?? "").isEmpty ? user.clientCertificate : nil,
      key: (user.clientKeyData ?? "").isEmpty ? user.clientKey : nil)
    return files.certificate == nil && files.key == nil ? nil : files
  }

  private static func server(of cluster: KubeConfigFile.Cluster, _ place: String) throws -> String {
    let server = cluster.server ?? ""
    guard let url = URL(string: server), url.scheme == "https" || url.scheme == "http", url.host?.isEmpty == false
    else {
      throw ConfigurationError(
        "\(place).server is \"\(server)\": it must be a URL such as https://10.0.0.1:6443")
    }
    return server
  }

  private static func tls(
    _ cluster: KubeConfigFile.Cluster, _ place: String, _ user: KubeConfigFile.User, _ userPlace: String
  ) throws -> TLSIdentity {
    if cluster.insecureSkipTLSVerify == true {
      throw ConfigurationError(
        "\(place).insecure-skip-tls-verify is true, which we refuse: remove it and put the server's CA into "
          + "certificate-authority-data (or tls-server-name, where only the name differs)")
    }
    let authority = try bytes(
      inline: cluster.certificateAuthorityData, file: cluster.certificateAuthority, "\(place).certificate-authority")
    let certificate = try bytes(
      inline: user.clientCertificateData, file: user.clientCertificate, "\(userPlace).client-certificate")
    let key = try bytes(inline: user.clientKeyData, file: user.clientKey, "\(userPlace).client-key")
    guard (certificate == nil) == (key == nil) else {
      let missing = key == nil ? "client-key" : "client-certificate"
      throw ConfigurationError(
        "\(userPlace).\(missing) is missing: a client certificate needs its key, and the reverse")
    }
    return TLSIdentity(
      certificateAuthority: authority, certificate: certificate, key: key, serverName: cluster.tlsServerName)
  }

  private static func bytes(inline: String?, file: String?, _ field: String) throws -> [UInt8]? {
    if let inline, !inline.isEmpty {
      guard let data = Data(base64Encoded: inline, options: .ignoreUnknownCharacters), !data.isEmpty else {
        throw ConfigurationError("\(field)-data is no base64: encode the PEM file with `base64 -w0`")
      }
      return try pem([UInt8](data), "\(field)-data")
    }
    guard let file else { return nil }
    return try pem(try ConfigurationFile.read(file, for: field), field)
  }

  private static func pem(_ bytes: [UInt8], _ field: String) throws -> [UInt8] {
    guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
      throw ConfigurationError("\(field) holds no PEM block: it must have a line that begins with -----BEGIN")
    }
    return bytes
  }

  private static func credential(of user: KubeConfigFile.User, _ place: String) throws -> Credential {
    if let plugin = user.exec {
      throw ConfigurationError(
        "\(place).exec runs \"\(plugin.command ?? "")\", which we do not do: put a token into \(place).token, for "
          + "example from `kubectl create token SERVICEACCOUNT`")
    }
    if user.authProvider != nil {
      throw ConfigurationError("\(place).auth-provider was removed from Kubernetes: use a token or a certificate")
    }
    if user.impersonate != nil {
      throw ConfigurationError("\(place).as: impersonation is not supported: use the credential of that user")
    }
    // kubectl's precedence: the file wins over the token beside it, which then is only its first content.
    if let path = user.tokenFile, !path.isEmpty { return .tokenFile(path: path) }
    if let token = user.token, !token.isEmpty { return .token(token) }
    if let username = user.username { return .basic(username: username, password: user.password ?? "") }
    return .none
  }
}
