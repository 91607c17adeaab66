import Foundation
import KubernetesClient
import Testing

@Suite struct KubeConfigTests {
  private static let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "/kubeconfig-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func config(
    cluster: String = "server: https://h:6443", user: String = "token: t", context: String = "cluster: c, user: u"
  ) throws -> KubeConfig {
    try KubeConfig(
      yaml: """
        apiVersion: v1
        kind: Config
        current-context: x
        clusters: [{name: c, cluster: {\(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: x, context: {\(context)}}]
        """, directory: "/nowhere")
  }

  @Test func theCurrentContextCountsUnlessAnotherIsNamed() throws {
    let config = try KubeConfig(
      yaml: """
        current-context: one
        clusters:
        - {name: a, cluster: {server: "https://a:1/"}}
        - {name: b, cluster: {server: "http://b:2"}}
        contexts:
        - {name: one, context: {cluster: a, user: ""}}
        - {name: two, context: {cluster: b, namespace: team}}
        """, directory: "/")
    let one = try config.clientConfiguration()
    #expect(one.server == "https://a:1")
    #expect(one.namespace == "default")
    let two = try config.clientConfiguration(context: "two")
    #expect(two.server == "http://b:2")
    #expect(two.namespace == "team")
    #expect(config.contextNames == ["one", "two"])
  }

  @Test func theEarlierFileOfAListWins() throws {
    let folder = try folder()
    try write("clusters: [{name: c, cluster: {server: 'https://first:1'}}]\n", "\(folder)/1")
    try write(
      """
      current-context: x
      clusters: [{name: c, cluster: {server: 'https://second:1'}}]
      contexts: [{name: x, context: {cluster: c, user: u}}]
      users: [{name: u, user: {token: t}}]
      """, "\(folder)/2")
    let config = try KubeConfig(paths: ["\(folder)/missing", "\(folder)/1", "\(folder)/2"]).clientConfiguration()
    #expect(config.server == "https://first:1")
    guard case .token("t") = config.credential else {
      Issue.record("\(config.credential)")
      return
    }
  }

  @Test func emptyFilesOfAListAreSkipped() throws {
    let folder = try folder()
    try write("", "\(folder)/1")
    try write("# nothing yet\n", "\(folder)/2")
    try write("---\n", "\(folder)/3")
    try write(
      "{current-context: x, clusters: [{name: c, cluster: {server: 'https://h:1'}}], contexts: [{name: x, context: {cluster: c}}]}",
      "\(folder)/4")
    let config = try KubeConfig(paths: (1...4).map { "\(folder)/\($0)" }).clientConfiguration()
    #expect(config.server == "https://h:1")
  }

  @Test func anEmptyFieldIsAsIfItWereNotThere() throws {
    let config = try config(
      cluster: "server: https://h:1, certificate-authority: '', tls-server-name: '', proxy-url: ''",
      user: "token: t, tokenFile: '', client-certificate: '', client-key: '', as: '', username: ''"
    ).clientConfiguration()
    #expect(config.tls == TLSIdentity())
    #expect(config.proxy == nil)
    #expect(config.certificateFiles == nil)
    guard case .token("t") = config.credential else {
      Issue.record("\(config.credential)")
      return
    }
    let nobody = try self.config(user: "tokenFile: '', username: '', password: ''").clientConfiguration()
    guard case .none = nobody.credential else {
      Issue.record("\(nobody.credential)")
      return
    }
  }

  @Test func filesAreFoundBesideTheKubeconfigAndInlineDataWins() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(atPath: "\(folder)/pki", withIntermediateDirectories: true)
    try write(Self.pem + "ca", "\(folder)/pki/ca.pem")
    try write(Self.pem + "key", "\(folder)/key.pem")
    let inline = Data((Self.pem + "inline").utf8).base64EncodedString()
    try write(
      """
      current-context: x
      clusters: [{name: c, cluster: {server: 'https://h:1', certificate-authority: pki/ca.pem, tls-server-name: n}}]
      contexts: [{name: x, context: {cluster: c, user: u}}]
      users:
      - name: u
        user: {client-certificate: absent.pem, client-certificate-data: \(inline), client-key: key.pem}
      """, "\(folder)/config")
    let configuration = try KubeConfig(paths: ["\(folder)/config"]).clientConfiguration()
    let tls = configuration.tls
    #expect(
      configuration.certificateFiles
        == ClientCertificateFiles(key: "\(folder)/key.pem", authority: "\(folder)/pki/ca.pem"))
    #expect(tls.certificateAuthority.map { String(decoding: $0, as: UTF8.self) } == Self.pem + "ca")
    #expect(tls.certificate.map { String(decoding: $0, as: UTF8.self) } == Self.pem + "inline")
    #expect(tls.key.map { String(decoding: $0, as: UTF8.self) } == Self.pem + "key")
    #expect(tls.serverName == "n")
  }

  @Test func aPodFindsItsServer() throws {
    let folder = try folder()
    try write(Self.pem, "\(folder)/ca.crt")
    try write("first\n", "\(folder)/token")
    try write("team", "\(folder)/namespace")
    let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
    let config = try ClientConfiguration.inCluster(environment: environment, serviceAccountDirectory: folder)
    #expect(config.server == "https://[fd00::1]:443")
    #expect(config.namespace == "team")
    guard case .tokenFile(let path) = config.credential else {
      Issue.record("\(config.credential)")
      return
    }
    #expect(path == "\(folder)/token")
    #expect(config.certificateFiles == ClientCertificateFiles(authority: "\(folder)/ca.crt"))
  }

  /// Each row: what is wrong, and words that the error must contain: the field and the cure.
  @Test(arguments: [
    (
      "server: https://h:1, insecure-skip-tls-verify: true, certificate-authority-data: LS0tLS1CRUdJTiBYLS0tLS0K",
      "token: t", ["insecure-skip-tls-verify", "certificate-authority", "remove"]
    ),
    ("server: h:1", "token: t", ["clusters[c].server", "h:1"]),
    ("namespace: x", "token: t", ["clusters[c].server"]),
    ("server: https://h, certificate-authority-data: '***'", "token: t", ["certificate-authority-data", "base64"]),
    ("server: https://h, certificate-authority-data: AAAA", "token: t", ["certificate-authority-data", "PEM"]),
    ("server: https://h, certificate-authority: ca.pem", "token: t", ["/nowhere/ca.pem", "missing"]),
    ("server: https://h", "exec: {command: aws}", ["users[u].exec.apiVersion", "client.authentication.k8s.io/v1"]),
    (
      "server: https://h", "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1alpha1}",
      ["users[u].exec.apiVersion", "v1alpha1", "newer aws"]
    ),
    (
      "server: https://h",
      "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
      ["users[u].exec.interactiveMode", "Always", "service account"]
    ),
    ("server: https://h", "exec: {apiVersion: client.authentication.k8s.io/v1}", ["users[u].exec.command"]),
    ("server: https://h", "auth-provider: {name: gcp}", ["auth-provider"]),
    ("server: https://h", "token: t, as-groups: [g]", ["users[u].as", "as-groups", "name the user"]),
    ("server: https://h", "client-certificate-data: LS0tLS1CRUdJTiBYLS0tLS0K", ["client-key"]),
  ])
  func whatCannotBeUsedIsSaidWithItsCure(cluster: String, user: String, words: [String]) throws {
    let config = try config(cluster: cluster, user: user)
    let error = #expect(throws: ConfigurationError.self) { try config.clientConfiguration() }
    for word in words { #expect(error?.description.contains(word) == true, "\(String(describing: error))") }
  }

  @Test func anInsecureServerIsADangerThatIsNamed() throws {
    let careless = try config(cluster: "server: https://h:1, insecure-skip-tls-verify: true").clientConfiguration()
    #expect(careless.tls.skipsVerification)
    #expect(careless.dangers.count == 1)
    for word in ["INSECURE", "insecure-skip-tls-verify", "https://h:1", "certificate-authority-data"] {
      #expect(careless.dangers.first?.contains(word) == true)
    }
    #expect(try config().clientConfiguration().dangers == [])
  }

  @Test func whatDoesNotExistIsNamed() throws {
    let elsewhere = try config(context: "cluster: elsewhere, user: u")
    let stranger = try config(context: "cluster: c, user: stranger")
    let attempts: [(words: String, attempt: () throws -> Void)] = [
      ("/nowhere/config", { _ = try KubeConfig(paths: ["/nowhere/config"]) }),
      ("clusters", { _ = try KubeConfig(yaml: "clusters: 7", directory: "/") }),
      (#"context "another""#, { _ = try config().clientConfiguration(context: "another") }),
      (#"cluster "elsewhere""#, { _ = try elsewhere.clientConfiguration() }),
      (#"user "stranger""#, { _ = try stranger.clientConfiguration() }),
      ("KUBERNETES_SERVICE_HOST", { _ = try ClientConfiguration.inCluster(environment: [:]) }),
    ]
    for (words, attempt) in attempts {
      let error = #expect(throws: ConfigurationError.self) { try attempt() }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test func noSecretAppearsInADescription() throws {
    #expect(!"\(Credential.token("hush"))".contains("hush"))
    #expect(!"\(Credential.basic(username: "u", password: "hush"))".contains("hush"))
  }
}
