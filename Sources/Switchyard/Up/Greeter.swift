import ControlPlane
import Foundation
import KubernetesAPI
import Routing
import ServiceLifecycle
import Translation

/// Waits until everything that was asked for answers, then says so: on the screen, and to scripts in the state folder.
struct Greeter: ServiceLifecycle.Service {
  let process: GatewayProcess
  let folder: StateFolder
  let plan: FleetPlan
  let portOffset: Int

  /// How long a pool may be without endpoints before the screen comes all the same: a user's own server may be down.
  private static let patience = Duration.seconds(15)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      let deadline = ContinuousClock.now + Self.patience
      while !isComplete, ContinuousClock.now < deadline {
        // Cancellation ends the sleep early; the program is stopping then.
        do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
      }
      greet()
    }
    // A service that returns would end its group.
    try await gracefulShutdown()
  }

  /// Whether each Gateway has an address, each pool of the table has all its endpoints, and the operator is in sync.
  private var isComplete: Bool {
    guard process.reconciler.isReady, let state = process.watches.snapshot() else { return false }
    let table = process.table.current
    let programmed = state.gateways.allSatisfy { gateway in
      gateway.status?.conditions.contains { $0.type == "Programmed" && $0.status == "True" } ?? false
    }
    let members = plan.members(of: state).count
    let endpoints = table.pools.values.filter { $0.id.kind != .service }.reduce(0) { $0 + $1.endpoints.count }
    return programmed && endpoints >= members
  }

  private func greet() {
    let table = process.table.current
    let gateways = lines(of: table)
    let members = process.watches.snapshot().map(plan.members) ?? []
    let screen = StartScreen(
      kubeconfig: folder.kubeconfig, gateways: gateways, fleet: members, admin: process.adminAddress.current)
    Screen.say(screen.text)
    do { try folder.announce(gateway: gateways.first?.url) } catch {
      FileHandle.standardError.write(Data("\(folder.path)/env cannot be written: \(error)\n".utf8))
    }
  }

  private func lines(of table: RoutingTable) -> [StartScreen.GatewayLine] {
    table.listeners.compactMap { listener in
      guard let address = listener.addresses.first else { return nil }
      let port = listener.port < 1024 ? listener.port + portOffset : listener.port
      return StartScreen.GatewayLine(
        name: "\(listener.gateway) listener \(listener.name)",
        url: "http://\(EndpointID(address: address, port: port))",
        models: listener.rules.flatMap(\.modelNames))
    }
  }
}

extension RouteRule {
  /// The model names that the rule asks for.
  fileprivate var modelNames: [String] {
    match.headers.compactMap { header in
      guard header.name == "x-gateway-model-name", case .exact(let name) = header.value else { return nil }
      return name
    }
  }
}
