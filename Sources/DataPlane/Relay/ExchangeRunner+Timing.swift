import Routing

// How long the gateway alone was at work, as clients are told it.
extension ExchangeRunner {
  /// The head with a `Server-Timing` header beside those of the endpoint, where clients are told.
  func timed(_ head: ResponseHead) -> ResponseHead {
    guard let timing else { return head }
    var timed = head
    timed.block.apply(HeaderChange(add: [timing]))
    return timed
  }

  /// The same for an answer of our own.
  func timed(_ error: GatewayError) -> GatewayError {
    guard let timing else { return error }
    return error.with(error.fields + [timing])
  }

  /// Source: https://www.w3.org/TR/server-timing/#the-server-timing-header-field: milliseconds.
  private var timing: HeaderChange.Field? {
    guard loop.configuration.sendsServerTiming, let own = exchange.record.gatewayNanoseconds else { return nil }
    let micros = own / 1000
    let decimals = String(micros % 1000 + 1000).dropFirst()
    return HeaderChange.Field("server-timing", "gateway;dur=\(micros / 1000).\(decimals)")
  }
}
