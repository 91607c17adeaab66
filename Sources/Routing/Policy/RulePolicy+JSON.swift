import JSONText

extension RulePolicy {
  /// What is asked for, in the order in which it is done; nothing of what is not.
  var json: OrderedJSON {
    var members: [OrderedJSON.Member] = []
    if !requestHeaders.isEmpty { members.append(.init("requestHeaders", requestHeaders.json)) }
    if let rewrite { members.append(.init("rewrite", rewrite.json)) }
    if let redirect { members.append(.init("redirect", redirect.json)) }
    if !mirrors.isEmpty { members.append(.init("mirrors", .array(mirrors.map(\.json)))) }
    if let cors { members.append(.init("cors", cors.json)) }
    if timeouts != RuleTimeouts() { members.append(.init("timeouts", timeouts.json)) }
    if let retry { members.append(.init("retry", retry.json)) }
    if !responseHeaders.isEmpty { members.append(.init("responseHeaders", responseHeaders.json)) }
    return .object(members)
  }
}

extension HeaderChange {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = []
    if !self.set.isEmpty { members.append(.init("set", .object(self.set.map(\.json)))) }
    if !add.isEmpty { members.append(.init("add", .object(add.map(\.json)))) }
    if !remove.isEmpty { members.append(.init("remove", .strings(remove))) }
    return .object(members)
  }
}

extension HeaderChange.Field {
  fileprivate var json: OrderedJSON.Member { .init(name, .string(value)) }
}

extension URLRewrite {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = []
    if let hostname { members.append(.init("hostname", .string(hostname))) }
    if let path { members.append(.init("path", path.json)) }
    return .object(members)
  }
}

extension PathChange {
  fileprivate var json: OrderedJSON {
    switch self {
    case .full(let path): ["full": .string(path)]
    case .prefix(let path): ["prefix": .string(path)]
    }
  }
}

extension RequestRedirect {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [.init("status", .integer(status))]
    if let scheme { members.append(.init("scheme", .string(scheme))) }
    if let hostname { members.append(.init("hostname", .string(hostname))) }
    if let port { members.append(.init("port", .integer(port))) }
    if let path { members.append(.init("path", path.json)) }
    return .object(members)
  }
}

extension RequestMirror {
  fileprivate var json: OrderedJSON {
    let place: OrderedJSON.Member
    switch target {
    case .pool(let id): place = .init("pool", .string(id.description))
    case .invalid(let reason): place = .init("invalid", .string(reason))
    }
    return .object([place, .init("numerator", .integer(numerator)), .init("denominator", .integer(denominator))])
  }
}

extension CORSPolicy {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [.init("allowOrigins", .strings(allowOrigins))]
    if allowCredentials { members.append(.init("allowCredentials", true)) }
    if !allowMethods.isEmpty { members.append(.init("allowMethods", .strings(allowMethods))) }
    if !allowHeaders.isEmpty { members.append(.init("allowHeaders", .strings(allowHeaders))) }
    if !exposeHeaders.isEmpty { members.append(.init("exposeHeaders", .strings(exposeHeaders))) }
    members.append(.init("maxAge", .integer(maxAge)))
    return .object(members)
  }
}

extension RuleTimeouts {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = []
    if let request { members.append(.init("request", .string(durationText(request)))) }
    if let backendRequest { members.append(.init("backendRequest", .string(durationText(backendRequest)))) }
    return .object(members)
  }
}

extension RetryPolicy {
  fileprivate var json: OrderedJSON {
    var members: [OrderedJSON.Member] = []
    if !codes.isEmpty { members.append(.init("codes", .array(codes.map { .integer($0) }))) }
    if let attempts { members.append(.init("attempts", .integer(attempts))) }
    if backOff > 0 { members.append(.init("backOff", .string(durationText(backOff)))) }
    return .object(members)
  }
}

extension OrderedJSON {
  fileprivate static func strings(_ texts: [String]) -> OrderedJSON { .array(texts.map { .string($0) }) }
}

/// A length of time as people and Gateway API write it: `1h30m`, `90s` is `1m30s`, zero is `0s`.
package func durationText(_ nanoseconds: UInt64) -> String {
  var rest = nanoseconds
  var text = ""
  for (name, length) in [
    ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("ns", 1),
  ]
    as [(String, UInt64)] where rest >= length
  {
    text += "\(rest / length)\(name)"
    rest %= length
  }
  return text.isEmpty ? "0s" : text
}
