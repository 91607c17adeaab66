import DataPlane
import Routing
import ServiceLifecycle

/// The gateway server as a service that leaves in order: told to stop, the process says at once that it is not ready, and takes
/// connections until those who send them have heard of it; then streams end.
struct GatewayServing: ServiceLifecycle.Service {
  let server: GatewayServer
  /// Read by readiness.
  let isDraining: Published<Bool>
  /// How long it takes until nobody sends anything new.
  let delay: Duration

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        // Cancelled, it has nothing to tell: the server closes all at once.
        do {
          try await gracefulShutdown()
          isDraining.publish(true)
          try await Task.sleep(for: delay)
        } catch {}
        server.shutdownGracefully()
      }
      group.addTask { try await server.run() }
      try await group.waitForAll()
    }
  }
}
