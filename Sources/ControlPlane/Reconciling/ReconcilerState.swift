import Foundation
import KubernetesAPI
import Synchronization
import Translation

/// What the loop remembers between passes.
final class ReconcilerState: Sendable {
  private struct Memory {
    var failures: [ListenerSocket: String] = [:]
    var certificateFailures: [CertificateFailure] = []
    var isReady = false
    var statuses: StatusReport?
  }

  private let controllerName: String
  let hosting: GatewayHosting
  private let gateway: ObjectKey?
  private let addresses: AddressBook?
  private let memory: Mutex<Memory>

  init(configuration: Reconciler.Configuration) {
    controllerName = configuration.controllerName
    hosting = configuration.hosting
    gateway = configuration.gateway
    addresses = configuration.addresses.map { AddressBook(policy: $0) }
    memory = Mutex(Memory())
  }

  var isReady: Bool { memory.withLock { $0.isReady } }

  /// What the last pass said of the objects; `nil` before the first.
  var statuses: StatusReport? {
    get { memory.withLock { $0.statuses } }
    set { memory.withLock { $0.statuses = newValue } }
  }

  /// Returns whether this was the first time.
  func markReady() -> Bool {
    memory.withLock { memory in
      defer { memory.isReady = true }
      return !memory.isReady
    }
  }

  /// Returns whether anything differs from before.
  func setFailures(_ failures: [ListenerSocket: String], certificates: [CertificateFailure] = []) -> Bool {
    memory.withLock { memory in
      defer { (memory.failures, memory.certificateFailures) = (failures, certificates) }
      return memory.failures != failures || memory.certificateFailures != certificates
    }
  }

  /// A snapshot with who we are and whom we serve.
  func named(_ snapshot: ClusterState) -> ClusterState {
    var cluster = gateway.map(snapshot.only) ?? snapshot
    cluster.controllerName = controllerName
    cluster.hosting = hosting
    return cluster
  }

  /// Adds to one what is not in any store: addresses, sockets that could not be opened, the time.
  func complete(_ snapshot: ClusterState) -> ClusterState {
    var cluster = snapshot
    cluster.moment = Int64(Date().timeIntervalSince1970)
    cluster.gatewayAddresses = addresses?.assign(cluster.servedGateways) ?? [:]
    memory.withLock { memory in
      cluster.listenerFailures = memory.failures
      cluster.certificateFailures = memory.certificateFailures
    }
    return cluster
  }
}
