import Yams

/// A kubeconfig: several files merged, as kubectl does it. Relative paths in it are already absolute.
///
/// Source: <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>
public struct KubeConfig: Sendable {
  /// The context to use when none is asked for.
  public private(set) var currentContext: String?
  /// Names of all contexts, sorted.
  public var contextNames: [String] { contexts.keys.sorted() }

  var clusters: [String: KubeConfigFile.Cluster] = [:]
  var users: [String: KubeConfigFile.User] = [:]
  var contexts: [String: KubeConfigFile.Context] = [:]

  /// Reads and merges files, such as the parts of `KUBECONFIG` between its colons. Empty files are skipped, and missing
  /// ones, unless all are missing. Of two entries with one name the earlier file's stays.
  ///
  /// Throws `ConfigurationError`.
  public init(paths: [String]) throws {
    let present = paths.filter { !$0.isEmpty && ConfigurationFile.exists($0) }
    guard !present.isEmpty else {
      let names = paths.joined(separator: ", ")
      throw ConfigurationError("no kubeconfig at \(names): name an existing file with --kubeconfig or KUBECONFIG")
    }
    for path in present {
      let bytes = try ConfigurationFile.read(path, for: "kubeconfig")
      let text = String(decoding: bytes, as: UTF8.self)
      try merge(yaml: text, directory: ConfigurationFile.directory(of: path), name: path)
    }
  }

  /// Reads one kubeconfig from text; relative paths in it count from `directory`. Throws `ConfigurationError`.
  public init(yaml: String, directory: String) throws {
    try merge(yaml: yaml, directory: directory, name: "kubeconfig")
  }

  private mutating func merge(yaml: String, directory: String, name: String) throws {
    let file: KubeConfigFile
    do {
      guard let node = try Yams.compose(yaml: yaml), node.null == nil else { return }
      file = try YAMLDecoder().decode(KubeConfigFile.self, from: yaml)
    } catch {
      throw ConfigurationError("\(name) is no kubeconfig: \(DecodingMessage.text(of: error))")
    }
    if currentContext == nil, let context = file.currentContext, !context.isEmpty { currentContext = context }
    for entry in file.clusters ?? [] where clusters[entry.name] == nil {
      clusters[entry.name] = entry.cluster.resolved(in: directory)
    }
    for entry in file.users ?? [] where users[entry.name] == nil {
      users[entry.name] = entry.user?.resolved(in: directory) ?? KubeConfigFile.User()
    }
    for entry in file.contexts ?? [] where contexts[entry.name] == nil { contexts[entry.name] = entry.context }
  }
}
