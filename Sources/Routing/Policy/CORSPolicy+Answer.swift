/// A browser's question whether a page of another origin may send a request.
///
/// Source: WHATWG Fetch, section 4.8, "CORS-preflight fetch".
struct PreflightQuestion {
  /// The method that the page wants to use.
  let method: String
  /// The headers that it wants to set, as the browser lists them; empty for none.
  let headers: String

  /// `nil` for a request that asks nothing.
  init?(_ head: RequestHead) {
    guard head.isMethod("OPTIONS"), head.block.first("origin") != nil,
      let method = head.block.text("access-control-request-method")
    else { return nil }
    self.method = method
    headers = head.block.text("access-control-request-headers") ?? ""
  }
}

extension CORSPolicy {
  /// The headers that a response to a request of a page has: what the endpoint says of the matter does not count.
  ///
  /// `nil` where the request is none of a page.
  func change(for head: RequestHead) -> HeaderChange? {
    guard let origin = head.block.text("origin") else { return nil }
    guard allows(origin) else { return HeaderChange(remove: Self.responseHeaders) }
    let set = fields(for: origin)
    let others = Self.responseHeaders.filter { name in !set.contains { $0.name == name } }
    return HeaderChange(set: set, add: isForAnybody ? [] : [Self.vary], remove: others)
  }

  /// The answer to a browser's question. One whose origin is not allowed is told nothing, which means no.
  func answer(_ question: PreflightQuestion, origin: String) -> LocalResponse {
    guard allows(origin) else { return LocalResponse(status: 204, fields: [Self.vary]) }
    var fields = fields(for: origin)
    if !isForAnybody { fields.append(Self.vary) }
    add("access-control-allow-methods", allowMethods, asked: question.method, to: &fields)
    add("access-control-allow-headers", allowHeaders, asked: question.headers, to: &fields)
    fields.append(HeaderChange.Field("access-control-max-age", String(maxAge)))
    return LocalResponse(status: 204, fields: fields)
  }

  /// Whether pages of the origin may use the rule.
  func allows(_ origin: String) -> Bool { allowOrigins.contains { Self.matches(origin, $0) } }

  private static let vary = HeaderChange.Field("vary", "origin")
  private static let responseHeaders = [
    "access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
    "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age",
  ]

  /// Where credentials may come along, `*` would not count: the origin itself is told. Which headers a page may read is told with each
  /// answer; Gateway API's suite looks for them in that to a question, too, where browsers do not.
  private func fields(for origin: String) -> [HeaderChange.Field] {
    var fields = [HeaderChange.Field("access-control-allow-origin", isForAnybody ? "*" : origin)]
    if allowCredentials { fields.append(HeaderChange.Field("access-control-allow-credentials", "true")) }
    if !exposeHeaders.isEmpty {
      fields.append(HeaderChange.Field("access-control-expose-headers", exposeHeaders.joined(separator: ", ")))
    }
    return fields
  }

  private var isForAnybody: Bool { allowOrigins.contains("*") && !allowCredentials }

  private func add(_ name: String, _ allowed: [String], asked: String, to fields: inout [HeaderChange.Field]) {
    let isAnything = allowed.contains("*")
    let value = isAnything ? (allowCredentials ? asked : "*") : allowed.joined(separator: ", ")
    if !value.isEmpty { fields.append(HeaderChange.Field(name, value)) }
  }

  /// A wildcard stands for one or more labels at the left of the host.
  private static func matches(_ origin: String, _ pattern: String) -> Bool {
    if pattern == "*" { return true }
    let (origin, pattern) = (origin.lowercased(), pattern.lowercased())
    guard let star = pattern.firstIndex(of: "*") else { return origin == pattern }
    let (before, behind) = (pattern[..<star], pattern[pattern.index(after: star)...])
    guard origin.hasPrefix(before), origin.hasSuffix(behind), origin.count > before.count + behind.count else {
      return false
    }
    let label = origin.dropFirst(before.count).dropLast(behind.count)
    return label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
  }
}
