import Foundation
import KubernetesAPI
import KubernetesClient
import LocalCluster
import Logging
import ServiceLifecycle
import TestSupport
import Testing

/// Gives a suite its cluster: an embedded one, or the one that SWITCHYARD_CLUSTER_KUBECONFIG names.
struct ClusterTrait: SuiteTrait, TestScoping {
  static let variable = "SWITCHYARD_CLUSTER_KUBECONFIG"

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    if let path = ProcessInfo.processInfo.environment[Self.variable], !path.isEmpty {
      return try await perform(function, kubeconfig: path)
    }
    try await withTemporaryPath { folder in
      let server = try LocalClusterServer(
        configuration: LocalClusterConfiguration(dataDirectory: folder, logger: Self.logger))
      try await whileRunning(server.run) {
        try await server.waitUntilReady()
        try await perform(function, kubeconfig: server.kubeconfigPath)
      }
    }
  }

  private func perform(_ function: @Sendable () async throws -> Void, kubeconfig: String) async throws {
    let transport = try CurlTransport()
    let client = APIClient(
      configuration: try .load(kubeconfig: kubeconfig, environment: [:]), transport: transport, logger: Self.logger)
    let run = String(UUID().uuidString.prefix(8).lowercased())
    let cluster = Cluster(client: client, transport: transport, run: run, logger: Self.logger)
    var janitor = Janitor(cluster: cluster)
    do {
      try await janitor.prepare()
      try await Cluster.$current.withValue(cluster) { try await function() }
    } catch {
      try await janitor.cleanUp()
      throw error
    }
    try await janitor.cleanUp()
  }

  private static var logger: Logger {
    var logger = Logger(label: "cluster-tests")
    logger.logLevel = .error
    return logger
  }
}

extension Trait where Self == ClusterTrait {
  /// The suite runs against a cluster.
  static var cluster: Self { ClusterTrait() }
}
