import Certificates
import Routing
import TestSupport
import Testing

@testable import DataPlane

@Suite("Which certificate fits a name", .enabled(if: isInstalled("openssl"))) struct CertificateChoiceTests {
  @Test(
    "exact names before wildcards, which stand for one label",
    arguments: [
      ("shop", "shop.example", .exact), ("shop", "SHOP.example", .exact), ("shop", "a.shop.example", .none),
      ("wild", "a.wild.example", .wildcard), ("wild", "a.b.wild.example", .none), ("wild", "wild.example", .none),
      ("wild", ".wild.example", .none), ("shop", "", .none),
    ] as [(String, String, CertificateNames.Fit)])
  func fits(_ file: String, _ name: String, _ expected: CertificateNames.Fit) throws {
    let chain = try Certificate.chain(pem: TestCertificates.shared.get().bytes("\(file).pem"))
    #expect(CertificateNames(chain[0]).fit(name) == expected)
  }

  @Test("what is alike is made once; what is gone is not kept") func reuse() throws {
    let serving = TLSTests.https("shop")
    let table = Published(
      RoutingTable(listeners: [
        Listener(gateway: TLSTests.name("g"), name: "one", port: 443, serving: serving),
        Listener(gateway: TLSTests.name("g"), name: "two", port: 444, serving: serving),
      ]))
    let certificates = Published(try TLSTests.store(["shop": "shop"]))
    let contexts = TLSContexts(table: table, certificates: certificates)
    let first = try #require(contexts.choice(for: serving).context(for: nil)).context
    certificates.publish(try TLSTests.store(["shop": "shop", "api": "api"]))
    #expect(contexts.choice(for: serving).context(for: nil)?.context === first)
    certificates.publish(try TLSTests.store(["shop": "renewed"]))
    #expect(contexts.choice(for: serving).context(for: nil)?.context !== first)
    #expect(contexts.problems == [])
    table.publish(RoutingTable())
    certificates.publish(CertificateStore())
    #expect(contexts.problems == [] && contexts.choice(for: serving).contexts.isEmpty)
  }

  @Test("without the authorities that clients are held to, nobody is served unless everybody is")
  func authorities() throws {
    for (bundle, reason) in [(nil, "are not there"), (Array("no PEM".utf8), "")] as [([UInt8]?, String)] {
      var store = try TLSTests.store(["shop": "shop"])
      store.authorities = bundle.map { [TLSTests.name("ca"): $0] } ?? [:]
      for mode in [ClientCertificateValidation.Mode.allowValidOnly, .allowInsecureFallback] {
        let serving = TLSTests.https(
          "shop", ClientCertificateValidation(authorities: [TLSTests.name("ca")], mode: mode))
        let listener = Listener(gateway: TLSTests.name("g"), name: "one", port: 443, serving: serving)
        let contexts = TLSContexts(
          table: Published(RoutingTable(listeners: [listener])), certificates: Published(store))
        #expect(contexts.choice(for: serving).contexts.isEmpty == (mode == .allowValidOnly))
        #expect(contexts.problems.count == 1 && contexts.problems[0].reason.contains(reason), "\(contexts.problems)")
      }
    }
  }
}
