import JSONText

extension UpstreamTransport {
  /// The transport as the table shows it; `nil` for HTTP/1.1 in clear.
  var json: OrderedJSON? {
    if self == UpstreamTransport() { return nil }
    var members: [OrderedJSON.Member] = [.init("application", .string(application.rawValue))]
    if let security { members.append(.init("tls", security.json)) }
    return .object(members)
  }
}

extension UpstreamTLS {
  /// What is asked, as the table shows it.
  var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [.init("serverName", .string(serverName))]
    switch authorities {
    case .system: members.append(.init("authorities", .string("system")))
    case .bundles(let names): members.append(.init("authorities", .array(names.map { .string($0.description) })))
    }
    if !alternativeNames.isEmpty {
      members.append(.init("alternativeNames", .array(alternativeNames.map { .string($0.description) })))
    }
    if let clientCertificate { members.append(.init("clientCertificate", .string(clientCertificate.description))) }
    return .object(members)
  }
}

extension UpstreamTLS.AlternativeName: CustomStringConvertible {
  /// The name as it is written.
  public var description: String {
    switch self {
    case .hostname(let name), .uri(let name): name
    }
  }
}
