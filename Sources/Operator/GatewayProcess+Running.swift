package import Logging
import ServiceLifecycle
import UnixSignals

extension GatewayProcess {
  /// Runs the parts until the program is told to stop, once in order, twice at once.
  package func run(_ logger: Logger) async throws {
    var configuration = ServiceGroupConfiguration(
      services: [SecondSignal(drainSeconds: drainSeconds)] + services,
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = longestShutdown
    try await ServiceGroup(configuration: configuration).run()
  }
}
