import Foundation

extension ClientConfiguration {
  /// Where Kubernetes mounts a pod's service account.
  public static let serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// The configuration of a pod, from its environment and its mounted service account.
  ///
  /// Throws `ConfigurationError` outside a pod.
  ///
  /// Source: <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/>
  public static func inCluster(
    environment: [String: String], serviceAccountDirectory directory: String = serviceAccountDirectory
  ) throws -> ClientConfiguration {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
      let port = environment["KUBERNETES_SERVICE_PORT"], UInt16(port) != nil
    else {
      throw ConfigurationError(
        "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: run in a pod, or name a kubeconfig")
    }
    let authorityPath = "\(directory)/ca.crt"
    let authority = try ConfigurationFile.read(authorityPath, for: "service account")
    let namespacePath = "\(directory)/namespace"
    var namespace = "default"
    if ConfigurationFile.exists(namespacePath) {
      let bytes = try ConfigurationFile.read(namespacePath, for: "service account")
      namespace = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let tokenPath = "\(directory)/token"
    // Read once here, so that a pod without a token says so at its start.
    _ = try ConfigurationFile.read(tokenPath, for: "service account")
    return ClientConfiguration(
      server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
      tls: TLSIdentity(certificateAuthority: authority), credential: .tokenFile(path: tokenPath),
      namespace: namespace, certificateFiles: ClientCertificateFiles(authority: authorityPath))
  }

  /// The configuration a program should use: the file named, else `KUBECONFIG`, else the pod that we run in, else
  /// `~/.kube/config`.
  ///
  /// Throws `ConfigurationError`.
  public static func load(
    kubeconfig: String? = nil, context: String? = nil, environment: [String: String]
  ) throws -> ClientConfiguration {
    if let kubeconfig { return try KubeConfig(paths: [kubeconfig]).clientConfiguration(context: context) }
    if let list = environment["KUBECONFIG"], !list.isEmpty {
      let paths = list.split(separator: ":").map(String.init)
      return try KubeConfig(paths: paths).clientConfiguration(context: context)
    }
    if environment["KUBERNETES_SERVICE_HOST"] != nil { return try inCluster(environment: environment) }
    let home = environment["HOME"] ?? ""
    return try KubeConfig(paths: ["\(home)/.kube/config"]).clientConfiguration(context: context)
  }
}
