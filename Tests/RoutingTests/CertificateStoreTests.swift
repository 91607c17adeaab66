import Routing
import Testing

@Suite("Certificates and keys") struct CertificateStoreTests {
  private static let secret = "VERYSECRETKEY"
  private static let store = CertificateStore(
    certificates: [object("shop"): KeyedCertificate(chain: [], key: PrivateKey(pem: Array(secret.utf8)))])

  @Test("no way to print a store shows a key") func keysAreNotPrinted() throws {
    let store = Self.store
    let key = try #require(store.certificates.values.first?.key)
    var dumped = ""
    dump(store, to: &dumped)
    let bytes = Array(Self.secret.utf8).map(String.init).joined(separator: ", ")
    let texts = ["\(store)", String(reflecting: store), "\(key)", String(reflecting: key), dumped]
    for text in texts {
      #expect(
        !text.contains(Self.secret) && !text.contains(bytes) && !text.contains("\(Self.secret.utf8.first ?? 0)\n"))
      #expect(text.contains("(private key)"), "\(text)")
    }
    #expect(Mirror(reflecting: key).children.isEmpty)
    #expect(key.withPEM { String(decoding: $0, as: UTF8.self) } == Self.secret)
  }

  @Test("a table names certificates and says what is asked of clients") func tableNamesCertificates() {
    let termination = TLSTermination(
      certificates: [object("shop"), object("spare")],
      clientValidation: ClientCertificateValidation(authorities: [object("staff")], mode: .allowInsecureFallback))
    let servings: [(ListenerServing, String)] = [
      (.http, #""port": 443,"hostname": null"#),
      (
        .https(termination),
        #""port": 443,"serving": {"protocol": "HTTPS","mode": "Terminate","certificates": ["default/shop","default/spare"],"#
          + #""clientValidation": {"mode": "AllowInsecureFallback","authorities": ["default/staff"]}},"hostname": null"#
      ),
      (
        .tls(.terminate(TLSTermination(certificates: [object("shop")]))),
        #""serving": {"protocol": "TLS","mode": "Terminate","certificates": ["default/shop"]}"#
      ),
      (.tls(.passthrough), #""serving": {"protocol": "TLS","mode": "Passthrough"}"#),
    ]
    for (serving, expected) in servings {
      let listener = Listener(gateway: object("gateway"), name: "web", port: 443, serving: serving)
      let text = RoutingTable(listeners: [listener]).jsonDescription()
        .split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined()
      #expect(text.contains(expected), "\(text)")
    }
  }
}
