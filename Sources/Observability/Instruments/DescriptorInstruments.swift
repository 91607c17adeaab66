public import Descriptors

/// Connections, and the file descriptors that bound them, read from their budget at each scrape.
public enum DescriptorInstruments {
  /// Declares the instruments in a registry, which brings them up to date before each scrape.
  public static func register(in registry: MetricsRegistry, budget: DescriptorBudget = .process) {
    let limit = registry.gauge("process_max_fds", help: "Maximum number of open file descriptors.")
    let paused = registry.gauge(
      "switchyard_gateway_accepting_paused",
      help: "1 while the gateway accepts no connections because too few file descriptors are left, else 0.")
    let connections = registry.gauge(
      "switchyard_gateway_connections", help: "Open connections by side: downstream (clients) or upstream (endpoints).",
      labels: ["side"])
    registry.beforeRender {
      limit.show(DescriptorLimit.current.map { Double($0.soft) })
      paused.set(budget.pausedListeners > 0 ? 1 : 0)
      connections.set(Double(budget.connections(.client)), ["downstream"])
      connections.set(Double(budget.connections(.upstream)), ["upstream"])
    }
  }
}
