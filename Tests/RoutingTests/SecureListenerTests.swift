import Routing
import Testing

@Suite("Listeners of TLS in the table") struct SecureListenerTests {
  private static let termination = TLSTermination(certificates: [object("cert")])

  private static func listener(
    _ name: String, _ hostname: String?, port: Int = 443, _ serving: ListenerServing = .https(termination)
  ) -> Listener {
    Listener(
      gateway: object("gateway"), name: name, addresses: ["127.0.0.1"], port: port, serving: serving,
      hostname: hostname.map { HostnamePattern($0) }, rules: [rule("route", backends: [])])
  }

  private static let router = RequestRouter(
    CompiledTables(
      Published(
        RoutingTable(listeners: [
          listener("shop", "shop.example"), listener("wild", "*.example"), listener("all", nil),
          listener("only", "only.example", port: 8443), listener("clear", nil, port: 80, .http),
        ]))))

  private static func reason(_ host: String, over listener: String?, port: Int = 443) -> GatewayError.Kind? {
    let id = listener.map { ListenerID(gateway: object("gateway"), name: $0) }
    let head = RequestHead(method: "GET", path: "/", authority: host)
    do throws(GatewayError) {
      let arrival = Arrival(address: "127.0.0.1", port: port, secureListener: id)
      _ = try router.route(head, at: arrival, in: router.tables.current)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test(
    "a request over TLS is for the listener of its connection, else it is misdirected or unknown",
    arguments: [
      ("shop.example", "shop", 443, nil), ("SHOP.example:443", "shop", 443, nil), ("api.example", "wild", 443, nil),
      ("api.example", "shop", 443, .misdirected), ("shop.example", "wild", 443, .misdirected),
      ("shop.example", "all", 443, .misdirected), ("other", "all", 443, nil), ("other", "shop", 443, .misdirected),
      ("other", "only", 8443, .noListener), ("only.example", "only", 8443, nil),
    ] as [(String, String, Int, GatewayError.Kind?)])
  func misdirected(_ host: String, _ listener: String, _ port: Int, _ expected: GatewayError.Kind?) {
    #expect(Self.reason(host, over: listener, port: port) == expected)
  }

  @Test("what came in clear reaches no listener of TLS, and the other way round") func kindsAreApart() {
    #expect(Self.reason("shop.example", over: nil) == .noListener)
    #expect(Self.reason("shop.example", over: nil, port: 80) == nil)
    #expect(Self.reason("shop.example", over: "shop", port: 80) == .noListener)
  }

  @Test("the listener for a name is the most specific one; a port speaks TLS if only such listeners have it")
  func listenersByName() {
    let table = Self.router.tables.current
    let names: [(String?, Int, String?)] = [
      ("shop.example", 443, "shop"), ("x.example", 443, "wild"), ("x", 443, "all"), (nil, 443, "all"),
      (nil, 8443, nil), ("x", 8443, nil), ("x", 80, nil),
    ]
    for (name, port, expected) in names {
      #expect(table.secureListener(named: name, at: Arrival(address: "127.0.0.1", port: port))?.name == expected)
    }
    #expect(table.secureListener(named: "shop.example", at: Arrival(address: "127.0.0.2", port: 443)) == nil)
    for (port, isSecure) in [(443, true), (8443, true), (80, false), (81, false)] {
      #expect(table.isSecure(at: Arrival(address: "127.0.0.1", port: port)) == isSecure)
    }
  }
}
