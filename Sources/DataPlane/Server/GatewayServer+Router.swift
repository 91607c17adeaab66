public import Descriptors
public import Logging
import NIOCore
import NIOHTTP1
public import Routing

extension GatewayServer {
  /// A server whose requests are decided by `router`.
  ///
  /// - Parameters:
  ///   - table: names the listeners to bind; the same that the router reads.
  ///   - inFlight: the counts that the router reads.
  ///   - budget: the descriptors that connections are counted against.
  ///   - onBindingsChanged: called after the first table was applied and whenever sockets were bound or closed since.
  public convenience init(
    configuration: ProxyConfiguration, table: Published<RoutingTable>, router: RequestRouter,
    inFlight: InFlightCounts, logger: Logger, observer: ProxyObserver = ProxyObserver(),
    budget: DescriptorBudget = .process,
    onBindingsChanged: @escaping @Sendable (BindingsReport) -> Void = { _ in }
  ) {
    let decide: Decide = { head, model, client in
      var generator = SystemRandomNumberGenerator()
      let view = RequestView(head: head, model: model, client: client)
      return router.decide(view, now: NIODeadline.now().uptimeNanoseconds, using: &generator)
    }
    self.init(
      configuration: configuration, table: table, decide: decide, inFlight: inFlight, logger: logger,
      observer: observer, budget: budget, onBindingsChanged: onBindingsChanged)
  }
}

/// Headers as NIO keeps them.
struct HeaderView: RequestHeaders {
  let headers: HTTPHeaders

  func first(_ name: String) -> String? { headers.first(name: name) }
}

extension RequestView where Headers == HeaderView {
  /// What routing looks at of a head.
  init(head: HTTPRequestHead, model: String?, client: ClientInfo) {
    let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      address: client.listenerAddress, port: client.listenerPort,
      host: hostName(of: head.headers.first(name: "host") ?? ""), path: target.first.map(String.init) ?? "/",
      query: target.count > 1 ? String(target[1]) : "", method: head.method.rawValue,
      headers: HeaderView(headers: head.headers), model: model)
  }
}

/// The host of `host:port` or `[address]:port`.
private func hostName(of authority: String) -> String {
  if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
    return String(authority[authority.index(after: authority.startIndex)..<end])
  }
  return authority.firstIndex(of: ":").map { String(authority[..<$0]) } ?? authority
}
