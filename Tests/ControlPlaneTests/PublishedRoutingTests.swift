import Routing
import Synchronization
import Testing
import Translation

@testable import ControlPlane

@Suite("Publishing certificates beside the table")
struct PublishedRoutingTests {
  private let table = Published(RoutingTable())
  private let certificates = Published(CertificateStore())
  private var routing: PublishedRouting { PublishedRouting(table: table, certificates: certificates) }
  private static let gateway = ObjectName(namespace: "default", name: "g")

  private static func name(_ name: String) -> ObjectName { ObjectName(namespace: "default", name: name) }

  private func result(_ names: [String], text: String = "1", waiting: Bool = false) -> TranslationResult {
    let listener = Listener(
      gateway: Self.gateway, name: "https", port: 443,
      serving: .https(TLSTermination(certificates: names.map(Self.name))))
    let all = names.map {
      (Self.name($0), KeyedCertificate(chain: Array("\($0)\(text)".utf8), key: PrivateKey(pem: [])))
    }
    return TranslationResult(
      table: RoutingTable(listeners: [listener]),
      certificates: CertificateStore(certificates: Dictionary(uniqueKeysWithValues: all)), statuses: StatusReport(),
      waiting: waiting ? [Self.gateway] : [])
  }

  private var shown: [String] {
    table.current.listeners.flatMap { $0.serving.termination?.certificates ?? [] }.map(\.name)
  }

  @Test("a table never names what is not there, whichever of the two is published first")
  func order() {
    let gaps = Mutex<[[ObjectName]]>([])
    let look: @Sendable () -> Void = { [table, certificates] in
      let names = table.current.listeners.flatMap { $0.serving.termination?.certificates ?? [] }
      let missing = names.filter { certificates.current.certificates[$0] == nil }
      if !missing.isEmpty { gaps.withLock { $0.append(missing) } }
    }
    table.onPublish { _, _ in look() }
    certificates.onPublish { _, _ in look() }
    for names in [["a"], ["b"], ["b", "c"], ["a", "c"], []] {
      #expect(routing.publish(result(names), isFirst: false))
      #expect(shown == names)
      #expect(certificates.current.certificates.keys.map(\.name).sorted() == names)
    }
    #expect(gaps.withLock { $0 } == [])
  }

  @Test("a certificate that is exchanged comes without a new table; nothing new is published as nothing")
  func rotation() {
    _ = routing.publish(result(["a"]), isFirst: true)
    let tables = table.numbered.number
    #expect(!routing.publish(result(["a"], text: "2"), isFirst: false))
    #expect(certificates.current.certificates[Self.name("a")]?.chain == Array("a2".utf8))
    let stores = certificates.numbered.number
    #expect(!routing.publish(result(["a"], text: "2"), isFirst: false))
    #expect(table.numbered.number == tables && certificates.numbered.number == stores)
  }

  @Test("while a new certificate is not known yet, the listener shows what it showed before; a new listener waits")
  func waiting() {
    _ = routing.publish(result(["a"]), isFirst: true)
    _ = routing.publish(result([], waiting: true), isFirst: false)
    #expect(shown == ["a"] && certificates.current.certificates[Self.name("a")] != nil)
    _ = routing.publish(result(["b"]), isFirst: false)
    #expect(shown == ["b"] && certificates.current.certificates.keys.map(\.name) == ["b"])
    _ = routing.publish(TranslationResult(table: RoutingTable(), statuses: StatusReport()), isFirst: false)
    _ = routing.publish(result([], waiting: true), isFirst: false)
    #expect(shown == [])
  }
}
