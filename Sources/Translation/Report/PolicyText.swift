import Routing

/// What a policy asks for, one line a wish, in the order in which they are done.
func text(of policy: RulePolicy) -> YAMLText {
  var wishes = lines(of: policy.requestHeaders, in: "request")
  if let rewrite = policy.rewrite {
    wishes += [rewrite.hostname.map { "host becomes \($0)" }, rewrite.path.map(text)].compactMap(\.self)
  }
  if let redirect = policy.redirect { wishes.append(text(of: redirect)) }
  wishes += policy.mirrors.map { "\(share(of: $0)) also to \(text(of: $0.target))" }
  if let cors = policy.cors { wishes.append(text(of: cors)) }
  if let limit = policy.timeouts.request {
    wishes.append(limit == 0 ? "request without a time limit" : "request within \(durationText(limit))")
  }
  if let limit = policy.timeouts.backendRequest, limit > 0 {
    wishes.append("each attempt within \(durationText(limit))")
  }
  if let retry = policy.retry { wishes.append(text(of: retry)) }
  wishes += lines(of: policy.responseHeaders, in: "response")
  return .list(wishes.map(YAMLText.text))
}

private func lines(of change: HeaderChange, in message: String) -> [String] {
  change.set.map { "\(message) header \($0.name) = \($0.value)" }
    + change.add.map { "\(message) header \($0.name) += \($0.value)" }
    + change.remove.map { "\(message) header \($0) is removed" }
}

private func text(of change: PathChange) -> String {
  switch change {
  case .full(let path): "path becomes \(path)"
  case .prefix(let path): "prefix becomes \(path.isEmpty ? "/" : path)"
  }
}

private func text(of redirect: RequestRedirect) -> String {
  let parts = [
    redirect.scheme.map { "scheme \($0)" }, redirect.hostname.map { "host \($0)" }, redirect.port.map { "port \($0)" },
    redirect.path.map(text),
  ].compactMap(\.self)
  return "redirect \(redirect.status) to " + (parts.isEmpty ? "the same address" : parts.joined(separator: ", "))
}

private func share(of mirror: RequestMirror) -> String {
  mirror.numerator == mirror.denominator
    ? "every request" : "\(mirror.numerator) of \(mirror.denominator) requests"
}

private func text(of policy: CORSPolicy) -> String {
  var parts = ["origins \(list(policy.allowOrigins))"]
  if policy.allowCredentials { parts.append("with credentials") }
  if !policy.allowMethods.isEmpty { parts.append("methods \(list(policy.allowMethods))") }
  if !policy.allowHeaders.isEmpty { parts.append("headers \(list(policy.allowHeaders))") }
  if !policy.exposeHeaders.isEmpty { parts.append("response headers \(list(policy.exposeHeaders))") }
  return "CORS for " + parts.joined(separator: ", ") + ", remembered for \(policy.maxAge) s"
}

private func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: " ") }

private func text(of retry: RetryPolicy) -> String {
  var parts = ["retry"]
  if !retry.codes.isEmpty { parts.append("for " + retry.codes.map(String.init).joined(separator: " ")) }
  if let attempts = retry.attempts { parts.append("\(attempts) times at most") }
  if retry.backOff > 0 { parts.append("after \(durationText(retry.backOff))") }
  return parts.joined(separator: ", ")
}
