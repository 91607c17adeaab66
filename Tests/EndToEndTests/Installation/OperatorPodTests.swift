import ArgumentParser
import DataPlane
import JSONText
import TestSupport
import Testing

@testable import Switchyard

/// The operator's Deployment and the program agree.
@Suite(.timeLimit(.minutes(1)), .enabled(if: isInstalled("kubectl")))
struct OperatorPodTests {
  private func deployment() async throws -> JSONValue {
    try await Rendered.folder("manifests/operator").one("Deployment", "switchyard-controller")
  }

  private func container() async throws -> JSONValue {
    let containers = try await deployment().items("spec", "template", "spec", "containers")
    #expect(containers.count == 1)
    return try #require(containers.first)
  }

  @Test("the program takes its arguments, listens where probes and Prometheus look, and is given the time to drain")
  func arguments() async throws {
    let container = try await container()
    let arguments = container.texts("args")
    #expect(arguments.first == ControllerCommand.configuration.commandName)
    let command = try ControllerCommand.parse(Array(arguments.dropFirst()))
    #expect(command.adminHost == "0.0.0.0")
    let ports = container.items("ports")
    #expect(ports.map(\.["name"]) == ["admin"] && ports[0]["containerPort"]?.integerValue == Int64(command.adminPort))
    for (probe, path) in [("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")] {
      #expect(
        container[probe, "httpGet", "port"] == "admin" && container[probe, "httpGet", "path"]?.stringValue == path)
    }
    let pod = try #require(try await deployment()["spec", "template"])
    #expect(pod.words("metadata", "annotations")["prometheus.io/port"] == "\(command.adminPort)")
    let grace = try #require(pod["spec", "terminationGracePeriodSeconds"]?.integerValue)
    let drain = try command.proxyOptions.configuration().drainTimeoutSeconds
    #expect(grace >= drain + 10)
  }

  @Test("what stands behind the metrics' Service and the network policy is that port")
  func ports() async throws {
    let all = try await Rendered.folder("manifests/operator")
    let service = try all.one("Service", "switchyard-controller-metrics").items("spec", "ports")
    #expect(service.map(\.["targetPort"]) == ["admin"])
    let policy = try all.one("NetworkPolicy", "switchyard-controller").items("spec", "ingress")
    #expect(policy.count == 1 && policy[0].items("ports").map(\.["port"]) == ["admin"])
  }

  @Test("gateways run the operator's own image")
  func image() async throws {
    let container = try await container()
    let variables = container.items("env").filter { $0["name"] == "SWITCHYARD_GATEWAY_IMAGE" }
    #expect(variables.count == 1 && variables[0]["value"] == container["image"])
    #expect(ControllerCommand.helpMessage().contains("SWITCHYARD_GATEWAY_IMAGE"))
    #expect(container["image"]?.stringValue == "switchyard:\(SwitchyardCommand.configuration.version)")
  }

  @Test("a new version comes before an old one goes, and one of two stays when a node is drained")
  func replicas() async throws {
    let all = try await Rendered.folder("manifests/operator")
    let spec = try #require(all.one("Deployment", "switchyard-controller")["spec"])
    #expect(spec["replicas"] == 2 && spec["strategy", "rollingUpdate", "maxUnavailable"] == 0)
    #expect(try all.one("PodDisruptionBudget", "switchyard-controller")["spec", "maxUnavailable"] == 1)
  }
}
