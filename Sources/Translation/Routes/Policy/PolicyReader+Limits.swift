import JSONText
import KubernetesAPI
import Routing

extension PolicyReader {
  /// Reads the rule's time limits and retries.
  mutating func readLimits(field: String) {
    if let unreadable = rule.$timeouts { refuse(unreadable, field: "\(field).timeouts") }
    if let unreadable = rule.$retry { refuse(unreadable, field: "\(field).retry") }
    if let timeouts = rule.timeouts { readTimeouts(timeouts, field: "\(field).timeouts") }
    if let retry = rule.retry { policy.retry = readRetry(retry, field: "\(field).retry") }
  }

  private mutating func readTimeouts(_ timeouts: HTTPRouteTimeouts, field: String) {
    let request = readDuration(timeouts.request, field: "\(field).request")
    let attempt = readDuration(timeouts.backendRequest, field: "\(field).backendRequest")
    if let request, let attempt, request > 0, attempt > request {
      refuse(
        "\(field).backendRequest \(timeouts.backendRequest ?? "") is longer than request \(timeouts.request ?? ""), which "
          + "holds for all attempts together: make it as long at most")
    }
    policy.timeouts.request = request
    policy.timeouts.backendRequest = attempt == 0 ? nil : attempt
  }

  private mutating func readRetry(_ retry: HTTPRouteRetry, field: String) -> RetryPolicy {
    for (index, code) in retry.codes.enumerated() where !(400...599).contains(code) {
      refuse("\(field).codes[\(index)] \(code) is no status of an error: use 400 to 599")
    }
    if let attempts = retry.attempts, attempts < 0 {
      refuse("\(field).attempts \(attempts) is out of range: use 1 or more")
    }
    let backOff = readDuration(retry.backoff, field: "\(field).backoff")
    return RetryPolicy(
      codes: Set(retry.codes).sorted(), attempts: retry.attempts, backOff: backOff ?? 0)
  }

  private mutating func readDuration(_ text: String?, field: String) -> UInt64? {
    guard let text else { return nil }
    guard let duration = GatewayDuration(text) else {
      refuse(
        "\(field) \(JSONWriter.quoted(text)) is no duration: write whole numbers with units, such as 90s, 1h30m or 500ms"
      )
      return nil
    }
    return duration.nanoseconds
  }
}
