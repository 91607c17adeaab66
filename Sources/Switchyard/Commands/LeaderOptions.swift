import ArgumentParser
import Foundation
import KubernetesAPI

/// Which of several controllers does the work; each option has a twin in the environment: `--lease-name` is
/// `SWITCHYARD_LEASE_NAME` there.
struct LeaderOptions: ParsableArguments {
  @Option(
    help:
      "yes: of several controllers the one that holds the Lease writes and opens listeners, the others are ready to take over. no: this one has no others beside it. By default yes (SWITCHYARD_LEADER_ELECTION)."
  )
  var leaderElection: String?

  @Option(
    help:
      "The namespace of the Lease. By default the pod's own, or that of the kubeconfig's context (SWITCHYARD_LEASE_NAMESPACE)."
  )
  var leaseNamespace: String?

  @Option(help: "The name of the Lease. By default switchyard-controller (SWITCHYARD_LEASE_NAME).")
  var leaseName: String?

  /// The Lease to hold; `nil` for none.
  ///
  /// - Parameter namespace: the client's own.
  /// - Throws: `ValidationError` that names the option or the variable, the value and what may be given.
  func lease(
    in namespace: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> ObjectKey? {
    let elects = try EnvironmentTwin("--leader-election", leaderElection, environment: environment)
    guard ["yes", "no"].contains(elects.value ?? "yes") else {
      throw ValidationError("\(elects.source) '\(elects.value ?? "")': use yes or no")
    }
    if elects.value == "no" { return nil }
    return ObjectKey(
      namespace: try name("--lease-namespace", leaseNamespace, environment) ?? namespace,
      name: try name("--lease-name", leaseName, environment) ?? "switchyard-controller")
  }

  func validate() throws { _ = try lease(in: "default") }

  private func name(_ option: String, _ given: String?, _ environment: [String: String]) throws -> String? {
    let twin = try EnvironmentTwin(option, given, environment: environment)
    guard let value = twin.value else { return nil }
    guard value.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) != nil else {
      throw ValidationError(
        "\(twin.source) '\(value)': give the name of an object: lower-case letters, digits and -, at most 63 of them")
    }
    return value
  }
}
