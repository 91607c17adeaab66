import Foundation

extension KubeConfig {
  /// What a context comes down to: the current one, or the one named. Reads the files that it names.
  ///
  /// Throws `ConfigurationError`.
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
    let userPlace = "users[\(context.user ?? "")]"
    var configuration = ClientConfiguration(
      server: try Self.server(of: cluster, place), tls: try Self.tls(cluster, place, user, userPlace),
      namespace: context.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default", proxy: cluster.proxyURL,
      certificateFiles: Self.certificateFiles(of: user, cluster),
      impersonation: try Self.impersonation(of: user, userPlace))
    configuration.credential = try Self.credential(of: user, userPlace, configuration)
    return configuration
  }

  /// The files of authorities and of a user's certificate, without those that inline data outdoes.
  private static func certificateFiles(
    of user: KubeConfigFile.User, _ cluster: KubeConfigFile.Cluster
  ) -> ClientCertificateFiles? {
    let files = ClientCertificateFiles(
      certificate: (user.clientCertificateData ?? "").isEmpty ? user.clientCertificate : nil,
      key: (user.clientKeyData ?? "").isEmpty ? user.clientKey : nil,
      authority: (cluster.certificateAuthorityData ?? "").isEmpty ? cluster.certificateAuthority : nil)
    return files == ClientCertificateFiles() ? nil : files
  }

  private static func impersonation(of user: KubeConfigFile.User, _ place: String) throws -> Impersonation? {
    let (groups, extra) = (user.impersonateGroups ?? [], user.impersonateExtra ?? [:])
    guard let name = user.impersonate else {
      guard user.impersonateUID == nil, groups.isEmpty, extra.isEmpty else {
        throw ConfigurationError(
          "\(place).as is missing, but as-uid, as-groups or as-user-extra is set: name the user to impersonate")
      }
      return nil
    }
    return Impersonation(user: name, uid: user.impersonateUID, groups: groups, extra: extra)
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
    let authority = try bytes(
      inline: cluster.certificateAuthorityData, file: cluster.certificateAuthority, "\(place).certificate-authority")
    let skipsVerification = cluster.insecureSkipTLSVerify == true
    guard !skipsVerification || authority == nil else {
      throw ConfigurationError(
        "\(place).insecure-skip-tls-verify is true beside a certificate-authority, which then means nothing: remove one of "
          + "them, best insecure-skip-tls-verify")
    }
    let certificate = try bytes(
      inline: user.clientCertificateData, file: user.clientCertificate, "\(userPlace).client-certificate")
    let key = try bytes(inline: user.clientKeyData, file: user.clientKey, "\(userPlace).client-key")
    guard (certificate == nil) == (key == nil) else {
      let missing = key == nil ? "client-key" : "client-certificate"
      throw ConfigurationError(
        "\(userPlace).\(missing) is missing: a client certificate needs its key, and the reverse")
    }
    return TLSIdentity(
      certificateAuthority: authority, certificate: certificate, key: key, serverName: cluster.tlsServerName,
      skipsVerification: skipsVerification)
  }

  private static func bytes(inline: String?, file: String?, _ field: String) throws -> [UInt8]? {
    if let inline, !inline.isEmpty {
      guard let data = Data(base64Encoded: inline, options: .ignoreUnknownCharacters), !data.isEmpty else {
        throw ConfigurationError("\(field)-data is no base64: encode the PEM file with `base64 -w0`")
      }
      return try PEMText.checked([UInt8](data), "\(field)-data")
    }
    guard let file else { return nil }
    return try PEMText.checked(try ConfigurationFile.read(file, for: field), field)
  }

  private static func credential(
    of user: KubeConfigFile.User, _ place: String, _ configuration: ClientConfiguration
  ) throws -> Credential {
    if user.authProvider != nil {
      throw ConfigurationError("\(place).auth-provider was removed from Kubernetes: use a token or a certificate")
    }
    // kubectl's precedence: the file wins over the token beside it, which then is only its first content.
    if let path = user.tokenFile, !path.isEmpty { return .tokenFile(path: path) }
    if let token = user.token, !token.isEmpty { return .token(token) }
    if let username = user.username { return .basic(username: username, password: user.password ?? "") }
    if let exec = user.exec { return .exec(ExecCredentials(try ExecPlugin(exec, place, configuration))) }
    return .none
  }
}
