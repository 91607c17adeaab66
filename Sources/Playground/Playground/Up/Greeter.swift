import ControlPlane
import DataPlane
import Foundation
import KubernetesAPI
import Operator
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

  /// Whether every Gateway has its status, every listener is open or cannot be, and every pool that is routed to has all
  /// its endpoints.
  private var isComplete: Bool {
    guard process.reconciler.isReady, let state = process.watches.snapshot() else { return false }
    let table = process.table.current
    let members = Dictionary(grouping: plan.members(of: state), by: \.pool).mapValues(\.count)
    return state.ownGateways.allSatisfy { $0.programmed?.observedGeneration == $0.metadata.generation }
      && table.listeners.allSatisfy { isOpen($0) || failure(of: $0) != nil }
      && table.pools.values.allSatisfy { $0.endpoints.count >= members[ObjectKey($0.id.object)] ?? 0 }
  }

  private func isOpen(_ listener: Listener) -> Bool {
    let open = process.bindings.current.open
    return listener.addresses.allSatisfy { open.contains(.init(address: $0, listenerPort: listener.port)) }
  }

  private func failure(of listener: Listener) -> BindFailure? {
    process.bindings.current.failures.first {
      $0.listenerPort == listener.port && listener.addresses.contains($0.address)
    }
  }

  private func greet() {
    let state = process.watches.snapshot()
    let table = process.table.current
    let gateways = lines(of: table)
    let screen = StartScreen(
      kubeconfig: folder.kubeconfig, gateways: gateways, fleet: state.map(plan.members) ?? [],
      admin: process.adminAddress.current, warnings: state.map { warnings(table, $0) } ?? [])
    Screen.say(screen.text)
    do { try folder.announce(gateway: gateways.first(where: \.isInClear)?.url) } catch {
      FileHandle.standardError.write(Data("\(folder.path)/env cannot be written: \(error)\n".utf8))
    }
  }

  private func lines(of table: RoutingTable) -> [StartScreen.GatewayLine] {
    table.listeners.filter { failure(of: $0) == nil }.compactMap { listener in
      guard let address = listener.addresses.first else { return nil }
      let port = listener.port < 1024 ? listener.port + portOffset : listener.port
      return StartScreen.GatewayLine(
        name: "\(listener.gateway) listener \(listener.title)",
        url: (listener.serving == .http ? "http" : "https") + "://\(EndpointID(address: address, port: port))",
        models: listener.rules.filter { $0.dropped == nil }.flatMap(\.modelNames))
    }
  }

  /// What was asked for and is not there, with the cure.
  private func warnings(_ table: RoutingTable, _ state: ClusterState) -> [String] {
    let failures = table.listeners.compactMap { listener in
      failure(of: listener).map { "\(listener.gateway) listener \(listener.title): \($0)" }
    }
    let refused = state.ownGateways.compactMap { gateway -> String? in
      guard let condition = gateway.programmed, condition.status == "False",
        !table.listeners.contains(where: { ObjectKey($0.gateway) == gateway.key })
      else { return nil }
      return "Gateway \(gateway.key): \(condition.message)"
    }
    return failures + refused + plan.unusedServers(in: state)
  }
}

extension ObjectKey {
  fileprivate init(_ name: ObjectName) { self.init(namespace: name.namespace, name: name.name) }
}

extension ClusterState {
  /// The Gateways of our classes; nobody here writes the statuses of others.
  fileprivate var ownGateways: [Gateway] {
    let classes = Set(gatewayClasses.filter { $0.spec.controllerName == controllerName }.map(\.metadata.name))
    return gateways.filter { classes.contains($0.spec.gatewayClassName) }
  }
}

extension Gateway {
  fileprivate var programmed: Condition? { status?.conditions.first { $0.is(.programmed) } }
}

extension RouteRule {
  /// The model names that the rule asks for.
  fileprivate var modelNames: [String] {
    match.headers.compactMap { header in
      guard [modelNameHeader, baseModelNameHeader].contains(header.name), case .exact(let name) = header.value else {
        return nil
      }
      return name
    }
  }
}
