import Foundation
import JSONText
import KubernetesAPI
import Synchronization
import TestSupport
import Testing

@testable import LocalCluster

/// The Pods and Nodes that stand for processes of this machine.
@Suite struct KubeletTests {
  static let early = "2026-11-22T10:00:00Z"
  static let late = "2026-11-22T11:00:00Z"

  static func endpoint(_ name: String, node: String = "node-1") -> SimulatedEndpoint {
    SimulatedEndpoint(
      name: name, labels: ["app": "x"], address: EndpointAddress(host: "127.10.0.1", port: 8000), nodeName: node)
  }

  static func times(_ status: JSONValue) -> [String: String] {
    var times = ["start": status["startTime"]?.stringValue ?? ""]
    times["container"] = status["containerStatuses"]?.arrayValue?.first?["state", "running", "startedAt"]?.stringValue
    for condition in status["conditions"]?.arrayValue ?? [] {
      times[condition["type"]?.stringValue ?? ""] = condition["lastTransitionTime"]?.stringValue
    }
    return times
  }

  /// Times move with what they tell of, and with nothing else.
  @Test func timesOfAPodMoveWithItsTransitions() {
    func status(_ healthy: Bool, _ known: JSONValue, _ now: String) -> JSONValue {
      PodManifests.podStatus(Self.endpoint("p"), healthy: healthy, known: known, now: now)
    }
    let first = status(true, [:], Self.early)
    #expect(Set(Self.times(first).values) == [Self.early])
    #expect(status(true, first, Self.late) == first)
    let silent = status(false, first, Self.late)
    #expect(
      Self.times(silent) == [
        "start": Self.early, "container": Self.early, "PodScheduled": Self.early, "Initialized": Self.early,
        "ContainersReady": Self.late, "Ready": Self.late,
      ])
    let again = status(true, silent, "2026-11-22T12:00:00Z")
    #expect(again["startTime"]?.stringValue == Self.early)
    #expect(Self.times(again)["Ready"] == "2026-11-22T12:00:00Z")
    #expect(Self.times(again)["container"] == "2026-11-22T12:00:00Z")
  }

  @Test func timesOfANodeMoveWithItsTransitions() {
    let first = PodManifests.nodeStatus(Self.endpoint("p"), known: [:], now: Self.early)
    let second = PodManifests.nodeStatus(Self.endpoint("p"), known: first, now: Self.late)
    let ready = second["conditions"]?.arrayValue?.first
    #expect(ready?["lastTransitionTime"]?.stringValue == Self.early)
    #expect(ready?["lastHeartbeatTime"]?.stringValue == Self.late)
  }

  /// The journal of a disk that takes nothing for a while: the health is written when it takes something again.
  @Test func aReportThatFailedIsMadeAgain() async throws { try await withTemporaryPath(aReportThatFailedIsMadeAgain) }

  private func aReportThatFailedIsMadeAgain(in folder: String) async throws {
    let server = try LocalClusterServer(
      configuration: LocalClusterConfiguration(dataDirectory: folder, logger: quietLogger))
    let journal = try #require(server.storage.read { $0.journal?.file.descriptor })
    let usual = dup(journal)
    let readOnly = open(folder + "/objects/journal.jsonl", O_RDONLY)
    let probes = Mutex(0)
    let kubelet = LocalKubelet(server: server, logger: quietLogger) { _ in
      // From the third probe on the disk takes what is written.
      probes.withLock { count in
        count += 1
        if count == 3 { dup2(usual, journal) }
      }
      return true
    }
    try kubelet.register([Self.endpoint("p")])
    func isReady() -> Bool {
      let status = server.handler.send("GET", "/api/v1/namespaces/default/pods/p").body["status"]
      return status?["conditions"]?.arrayValue?.contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
    }
    dup2(readOnly, journal)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await kubelet.follow(Self.endpoint("p")) }
      while probes.withLock({ $0 }) < 5, !isReady() {
        do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
      }
      group.cancelAll()
    }
    #expect(probes.withLock { $0 } >= 3)
    #expect(isReady())
    close(usual)
    close(readOnly)
    server.storage.release()
  }

  @Test func aRefusedObjectDoesNotKeepTheOthersOut() throws {
    try withTemporaryPath { folder in
      let server = try LocalClusterServer(
        configuration: LocalClusterConfiguration(dataDirectory: folder, logger: quietLogger))
      let kubelet = LocalKubelet(server: server, logger: quietLogger) { _ in true }
      let endpoints = [Self.endpoint("one"), Self.endpoint("Not_A_Name"), Self.endpoint("two", node: "node-2")]
      let error = #expect(throws: LocalClusterError.self) { try kubelet.register(endpoints) }
      #expect(error?.message.contains("default/Not_A_Name on node-1") == true)
      for name in ["one", "two"] {
        #expect(server.handler.send("GET", "/api/v1/namespaces/default/pods/\(name)").status == 200)
      }
      // A second registration changes neither Pods nor their versions.
      let before = server.handler.send("GET", "/api/v1/namespaces/default/pods").body["items"]
      try kubelet.register([Self.endpoint("one"), Self.endpoint("two", node: "node-2")])
      #expect(server.handler.send("GET", "/api/v1/namespaces/default/pods").body["items"] == before)
      try kubelet.report(Self.endpoint("one"), healthy: true)
      let version = server.handler.send("GET", "/api/v1/namespaces/default/pods/one").body.objectVersion
      try kubelet.report(Self.endpoint("one"), healthy: true)
      #expect(server.handler.send("GET", "/api/v1/namespaces/default/pods/one").body.objectVersion == version)
    }
  }
}
