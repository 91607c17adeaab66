import ArgumentParser
import Foundation
import KubernetesClient

/// Which cluster a command talks to.
struct ClusterOptions: ParsableArguments {
  @Option(
    help:
      "The kubeconfig; several are separated by ':' (KUBECONFIG, else the pod's service account, else ~/.kube/config).")
  var kubeconfig: String?

  @Option(help: "The context of the kubeconfig to use, if not its current one.")
  var context: String?

  /// Where the server is and how to be known there.
  func configuration() throws -> ClientConfiguration {
    try ClientConfiguration.load(context: context, environment: environment)
  }

  /// Whether the command runs in a pod, with the rights of the pod's service account.
  var isInCluster: Bool {
    (environment["KUBECONFIG"] ?? "").isEmpty && environment["KUBERNETES_SERVICE_HOST"] != nil
      && FileManager.default.fileExists(atPath: ClientConfiguration.serviceAccountDirectory + "/token")
  }

  private var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    if let kubeconfig { environment["KUBECONFIG"] = kubeconfig }
    return environment
  }
}
