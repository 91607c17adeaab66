import Foundation
import JSONText

/// A program that a kubeconfig names to give a credential: how to call it.
///
/// Source: <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>
public struct ExecPlugin: Hashable, Sendable {
  /// The versions of the protocol that we speak.
  static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

  /// The program: a path, or a name to be looked for in `PATH`.
  public var command: String
  /// Its arguments.
  public var arguments: [String]
  /// What its environment has besides ours.
  public var environment: [String: String]
  /// The version of the protocol.
  public var apiVersion: String
  /// What its makers say to those who do not have it.
  public var installHint: String?

  /// A plugin from its entry at `place`, for the server of `configuration`. Throws `ConfigurationError`.
  init(_ entry: KubeConfigFile.User.Exec, _ place: String, _ configuration: ClientConfiguration) throws {
    guard let command = entry.command, !command.isEmpty else {
      throw ConfigurationError("\(place).exec.command is missing: name the program that gives the credential")
    }
    let version = entry.apiVersion ?? ""
    guard Self.versions.contains(version) else {
      throw ConfigurationError(
        "\(place).exec.apiVersion is \"\(version)\": it must be \(Self.versions[0]); a newer \(command) has it")
    }
    if entry.interactiveMode == "Always" {
      throw ConfigurationError(
        "\(place).exec.interactiveMode is Always, and nobody can answer \(command) here: use a credential that needs no "
          + "person, for example the token of a service account")
    }
    self.command = command
    arguments = entry.args ?? []
    apiVersion = version
    installHint = entry.installHint
    environment = Dictionary(
      (entry.env ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    environment["KUBERNETES_EXEC_INFO"] = try Self.info(
      version, of: entry.provideClusterInfo == true ? configuration : nil)
  }

  /// What the program is told of the request.
  private static func info(_ version: String, of configuration: ClientConfiguration?) throws -> String {
    var spec: [String: JSONValue] = ["interactive": false]
    if let configuration { spec["cluster"] = cluster(configuration) }
    let info: JSONValue = ["apiVersion": .string(version), "kind": "ExecCredential", "spec": .object(spec)]
    return String(decoding: try JSONCoding.encode(info), as: UTF8.self)
  }

  private static func cluster(_ configuration: ClientConfiguration) -> JSONValue {
    let tls = configuration.tls
    var members: [String: JSONValue] = ["server": .string(configuration.server)]
    if let authority = tls.certificateAuthority {
      members["certificate-authority-data"] = .string(Data(authority).base64EncodedString())
    }
    if let name = tls.serverName { members["tls-server-name"] = .string(name) }
    if let proxy = configuration.proxy { members["proxy-url"] = .string(proxy) }
    if tls.skipsVerification { members["insecure-skip-tls-verify"] = true }
    return .object(members)
  }
}
