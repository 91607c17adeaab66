import Certificates
import Foundation
import KubernetesAPI
import Routing
import Testing
import Translation

@Suite("Secrets of Gateways")
struct SecretsTests {
  private func state() throws -> ClusterState { try GoldenCase(name: "https").load().state }

  /// The lines of every private key of the case, as PEM and as base64 of it.
  private func traces(of state: ClusterState) throws -> [String] {
    let keys = state.secrets.found.values.compactMap { $0.bytes("tls.key") }.filter {
      String(decoding: $0, as: UTF8.self).contains("PRIVATE KEY")
    }
    #expect(keys.count > 5)
    return keys.flatMap { key in
      let lines = String(decoding: key, as: UTF8.self).split(separator: "\n").map(String.init)
      let encoded = Data(key).base64EncodedString()
      return [lines[1], lines[2], String(encoded.prefix(40)), String(encoded.suffix(40))]
    }
  }

  @Test("no key is in anything that is printed, logged or dumped")
  func keysAreNotShown() throws {
    let state = try state()
    let result = translate(state)
    #expect(result.certificates.certificates.count > 3)
    var texts = [
      result.description, result.table.jsonDescription(), try result.statuses.jsonDescription(),
      String(reflecting: result.certificates), String(describing: result.certificates), "\(state.secrets)",
      String(reflecting: state),
    ]
    for value in [state, result, Array(state.secrets.found.values)] as [Any] {
      var text = ""
      dump(value, to: &text)
      texts.append(text)
    }
    for trace in try traces(of: state) {
      for text in texts { #expect(!text.contains(trace), "\(trace.prefix(8))… is in \(text.prefix(80))") }
    }
  }

  @Test("only those are to be read that a Gateway of ours names and may name")
  func references() throws {
    var state = try state()
    let references = state.certificateReferences
    let secrets = Set(references.secrets.map(\.description))
    #expect(secrets.isSuperset(of: ["default/shop", "default/missing", "vault/granted"]))
    #expect(secrets.isDisjoint(with: ["vault/other", "closed/shop"]))
    #expect(Set(references.authorities.map(\.name)) == ["authorities", "missing", "no-authorities"])
    state.gatewayClasses = []
    #expect(state.certificateReferences == CertificateReferences())
  }

  @Test("one that is not known yet is not missing: nothing is said of its Gateway, the others go on")
  func unknown() throws {
    var state = try state()
    let key = ObjectKey(namespace: "default", name: "api")
    state.secrets.found[key] = nil
    state.secrets.unknown = [key]
    let result = translate(state)
    let gateway = ObjectKey(namespace: "default", name: "shop")
    #expect(result.waiting == [ObjectName(namespace: "default", name: "shop")])
    #expect(result.statuses.gateways[gateway] == nil && result.statuses.gateways.count == 4)
    let shown = result.table.listeners.first { $0.name == "both" }?.serving.termination?.certificates
    #expect(shown == [ObjectName(namespace: "default", name: "shop")])
    state.secrets.unknown = []
    state.secrets.unreadable = [key: "the account may not list secrets"]
    let status = try #require(translate(state).statuses.gateways[gateway])
    let condition = status.listeners.first { $0.name == "both" }?.conditions.first { $0.type == "ResolvedRefs" }
    #expect(condition?.reason == "InvalidCertificateRef")
    #expect(condition?.message.contains("cannot be read: the account may not list secrets") == true)
  }

  @Test("one that the data plane cannot use is told, and its listener is not programmed if it was the last")
  func unusable() throws {
    var state = try state()
    let gateway = ObjectKey(namespace: "default", name: "shop")
    let name = ObjectName(namespace: "default", name: "shop")
    func listener(endsAll: Bool) throws -> (resolved: Condition?, programmed: String?, isServed: Bool) {
      state.certificateFailures = [
        CertificateFailure(
          listener: ListenerID(gateway: name, name: "one"), object: name, reason: "the curve is not known",
          endsAll: endsAll)
      ]
      let result = translate(state)
      let conditions = result.statuses.gateways[gateway]?.listeners.first { $0.name == "one" }?.conditions ?? []
      return (
        conditions.first { $0.type == "ResolvedRefs" }, conditions.first { $0.type == "Programmed" }?.status,
        result.table.listeners.first { $0.name == "one" }?.serving.termination?.certificates.isEmpty == false
      )
    }
    for endsAll in [true, false] {
      let seen = try listener(endsAll: endsAll)
      #expect(seen.resolved?.reason == "InvalidCertificateRef")
      #expect(
        seen.resolved?.message.hasPrefix("the data plane cannot use default/shop: the curve is not known; use a ")
          == true)
      #expect(seen.programmed == (endsAll ? "False" : "True") && seen.isServed)
    }
  }

  @Test("a certificate is told to have expired when it has, and is shown all the same")
  func expiry() throws {
    var state = try state()
    let key = ObjectKey(namespace: "default", name: "expired")
    let secret = try #require(state.secrets.found[key])
    let chain = try #require(secret.bytes("tls.crt"))
    let end = try #require(Certificate.chain(pem: chain).first).notAfter
    func resolved(at moment: Int64) -> (status: String?, isShown: Bool) {
      state.moment = moment
      let result = translate(state)
      let listener = result.statuses.gateways[ObjectKey(namespace: "default", name: "mistakes")]?.listeners
        .first { $0.name == "expired" }
      return (
        listener?.conditions.first { $0.type == "ResolvedRefs" }?.status,
        result.certificates.certificates[ObjectName(namespace: "default", name: "expired")] != nil
      )
    }
    #expect(resolved(at: end) == ("True", true))
    #expect(resolved(at: end + 1) == ("False", true))
  }
}
