import Routing

/// What goes wrong with external pickers.
extension GatewayError {
  /// The picker took longer than it may.
  static func pickerTimeout(_ plan: ForwardPlan) -> GatewayError {
    GatewayError(
      .pickerTimeout, "The endpoint picker of \(plan.pool) (\(name(plan))) did not answer in time. Try again shortly.",
      retryAfterSeconds: 1)
  }

  /// The picker does not pick, for this reason.
  static func pickerFailed(_ plan: ForwardPlan, _ reason: String) -> GatewayError {
    GatewayError(
      .pickerFailed, "The endpoint picker of \(plan.pool) (\(name(plan))) failed: \(reason).", retryAfterSeconds: 1)
  }

  /// The picker lists endpoints, but none that is of the pool and ready.
  static func noEndpointOfPool(_ plan: ForwardPlan, _ listed: [EndpointID]) -> GatewayError {
    let names = listed.prefix(3).map(\.description).joined(separator: ", ") + (listed.count > 3 ? ", …" : "")
    return pickerFailed(plan, "it chose \(names), and the pool has no such endpoint that is ready")
  }

  /// The picker gave the answer itself.
  static func pickerRejected(_ plan: ForwardPlan, status: Int) -> GatewayError {
    GatewayError(.pickerRejected, "The endpoint picker of \(plan.pool) (\(name(plan))) answered with \(status)")
  }

  private static func name(_ plan: ForwardPlan) -> String { plan.picker?.description ?? "none" }
}
