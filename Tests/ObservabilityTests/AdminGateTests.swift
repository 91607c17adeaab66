import Testing

@testable import Observability

@Suite("Who may ask the admin server")
struct AdminGateTests {
  private let gate = AdminGate(listenHost: "10.1.2.3", allowedHosts: ["switchyard.example.com"])

  private func status(
    _ host: String?, _ target: String = "/routes", origin: String? = nil, site: String? = nil, local: String? = nil
  ) -> Int? {
    gate.refusal(
      AdminGate.Request(
        target: target, hosts: host.map { [$0] } ?? [], origins: origin.map { [$0] } ?? [],
        fetchSites: site.map { [$0] } ?? [], localAddress: local))?.status
  }

  @Test(
    "this machine's names, the address it listens on and the allowed names are right, with any port",
    arguments: [
      "localhost", "LocalHost:9090", "localhost.", "127.0.0.1", "127.1.2.3:1", "[::1]", "[::1]:9090", "10.1.2.3:9090",
      "[0:0:0:0:0:0:0:1]:80", "[::ffff:127.0.0.1]", "SWITCHYARD.example.com:443", "switchyard.example.com.",
    ])
  func allowed(_ host: String) {
    #expect(status(host) == nil)
    #expect(status(host, "/nothing") == nil)
  }

  @Test(
    "any other name is refused, also for what pods' addresses may ask",
    arguments: [
      "evil.example", "evil.example:9090", "localhost.evil.example", "evil-localhost", "127.0.0.1.evil.example",
      "localhost:9090@evil.example", "user@localhost", "localhost evil", "localhost,evil", "localhost/evil",
      "[localhost]",
      "localhost..", "localhost:", "localhost:x", "localhost:99999", "[::1", "[::1]x", "[::1%25lo]", "::1", "127.1",
      "0x7f.0.0.1", "2130706433", "", "[]", "[127.0.0.1]",
    ])
  func refused(_ host: String) {
    #expect(status(host) == 421)
    if !host.isEmpty { #expect(status(host, "/metrics") == 421) }
  }

  @Test(
    "probes and scrapes come by any address, or without a Host",
    arguments: ["/healthz", "/readyz", "/metrics", "/metrics?name=x"])
  func open(_ target: String) {
    for host in ["10.9.9.9:9090", "192.168.0.1", "[fd00::1]:9090"] {
      #expect(status(host, target) == nil)
      #expect(status(host) == 421)
    }
    #expect(status(nil, target) == nil)
    #expect(status("", target) == nil)
    #expect(status(nil) == 421)
  }

  @Test(
    "what only looks like such a path is held to the whole list",
    arguments: ["/metrics/", "/metrics/../routes", "/Metrics", "/metrics#x", "/%6detrics"])
  func almostOpen(_ target: String) {
    #expect(status("10.9.9.9", target) == 421)
  }

  @Test("a server that listens on all addresses answers to the one at which the connection came in")
  func wildcard() {
    let gate = AdminGate(listenHost: "0.0.0.0", allowedHosts: [])
    let ask = { (host: String) in
      gate.refusal(.init(target: "/routes", hosts: [host], localAddress: "10.0.0.7"))?.status
    }
    #expect(ask("10.0.0.7:9090") == nil)
    #expect(ask("10.0.0.8:9090") == 421)
    #expect(ask("localhost") == nil)
  }

  @Test("an IPv6 address is allowed, or listened on, with or without brackets", arguments: ["fd00::1", "[fd00::1]"])
  func version6(address: String) {
    for gate in [
      AdminGate(listenHost: address, allowedHosts: []), AdminGate(listenHost: "10.1.2.3", allowedHosts: [address]),
    ] {
      #expect(gate.refusal(.init(target: "/routes", hosts: ["[fd00:0::1]:9090"])) == nil)
      #expect(gate.refusal(.init(target: "/routes", hosts: ["[fd00::2]:9090"]))?.status == 421)
    }
  }

  @Test("a target with a host in it, and a second Host, are no way around")
  func ways() {
    for target in [
      "http://evil.example/metrics", "http://localhost/routes", "//localhost/routes", "*", "", "localhost:80",
    ] {
      #expect(status("localhost", target) == 400)
    }
    #expect(gate.refusal(.init(target: "/metrics", hosts: ["localhost", "localhost"]))?.status == 400)
    #expect(gate.refusal(.init(target: "/routes", hosts: ["localhost", "evil.example"]))?.status == 400)
  }

  @Test("a page of another site is refused everywhere; the browser's own address line is not")
  func sites() {
    for target in ["/routes", "/metrics"] {
      for site in ["none", "same-origin"] { #expect(status("localhost", target, site: site) == nil) }
      for site in ["cross-site", "same-site", "Same-Origin", ""] {
        #expect(status("localhost", target, site: site) == 403)
      }
    }
    #expect(gate.refusal(.init(target: "/", hosts: ["localhost"], fetchSites: ["none", "cross-site"]))?.status == 403)
  }

  @Test("an origin must be this server, as the client named it")
  func origins() {
    let right = [
      ("localhost:9090", "http://localhost:9090"), ("localhost", "http://localhost:80"), ("[::1]:1", "http://[::1]:1"),
      ("switchyard.example.com", "https://switchyard.example.com"), ("LOCALHOST:1", "http://localhost:1"),
    ]
    for (host, origin) in right { #expect(status(host, origin: origin) == nil) }
    let wrong = [
      "null", "http://evil.example", "http://localhost", "http://localhost:9091", "http://127.0.0.1:9090", "",
      "localhost:9090", "http://localhost:9090.evil.example", "http://localhost:9090/", "ftp://localhost:9090",
    ]
    for origin in wrong { #expect(status("localhost:9090", origin: origin) == 403, "\(origin)") }
    #expect(status(nil, "/metrics", origin: "http://evil.example") == 403)
    #expect(
      gate.refusal(.init(target: "/", hosts: ["localhost"], origins: ["http://localhost", "http://evil.example"]))?
        .status
        == 403)
  }

  @Test("at a pod's address metrics and probes are answered, and all else on loopback alone")
  func loopback() {
    let gate = AdminGate(listenHost: "0.0.0.0", allowedHosts: ["pod.example"], keepsToLoopback: true)
    func ask(_ target: String, at address: String?) -> Int? {
      gate.refusal(.init(target: target, hosts: ["localhost:21000"], localAddress: address))?.status
    }
    for target in ["/healthz", "/readyz", "/metrics", "/metrics?a=b"] { #expect(ask(target, at: "10.0.0.7") == nil) }
    for target in ["/routes", "/metrics/", "/"] {
      #expect(ask(target, at: "10.0.0.7") == 403)
      #expect(ask(target, at: nil) == 403)
      for address in ["127.0.0.1", "::1"] { #expect(ask(target, at: address) == nil) }
    }
  }

  @Test("a refusal says why and what to do")
  func text() {
    let refusal = gate.refusal(.init(target: "/routes", hosts: ["evil.example"]))
    #expect(refusal?.message.contains("'evil.example'") == true)
    #expect(refusal?.message.contains("--admin-allowed-host") == true)
  }
}
