import Foundation
import JSONText
import Testing

@testable import LocalCluster

/// Holds the answers against those of a real kube-apiserver 1.36, request by request, in the recorded order.
@Suite struct SampleTests {
  /// Where our answer may differ, and why.
  private static let differing: [String: String] = [
    "55-pool-list-rv-future-504": "the message names the current version, which differs from run to run",
    "57-pool-delete-precondition-409": "the message names the object's uid",
    "46-pool-list-continue-bad-400": "the message shows a byte of the decoded token in Go's notation",
    "21-pool-create-bad-json-400": "the message comes from Go's JSON decoder",
  ]

  @Test func answersAsTheRealServer() throws {
    var replay = try Replay()
    let samples = try Sample.all(in: "")
    #expect(samples.count > 40)
    for sample in samples {
      // Two changes that the recording made while it watched, seconds later.
      if sample.name == "58-pool-finalizer-add" {
        replay.clock.set("2026-11-22T13:26:31Z")
        for step in ["1", "2"] {
          _ = replay.handler.send(
            "PATCH", "/apis/inference.networking.k8s.io/v1/namespaces/rec/inferencepools/a",
            ["metadata": ["annotations": ["step": .string(step)]]], type: "application/merge-patch+json")
        }
      }
      let differences = try replay.run(sample, ignoringMessage: Self.differing[sample.name] != nil).filter {
        !$0.contains("metadata.name: \"gen-") && !$0.hasPrefix(".metadata.name: \"e-")
      }
      #expect(differences.isEmpty, "\(sample.name):\n\(differences.joined(separator: "\n"))")
    }
    replay.expectOrderedVersions(atLeast: 10)
  }

  /// Conversations with kube-apiserver 1.36.2, each about one thing, in a namespace of its own.
  @Test(arguments: try Sample.conversations())
  func conversationsGoAsWithTheRealServer(name: String) throws {
    var replay = try Replay()
    let samples = try Sample.all(in: "conversations/" + name)
    #expect(samples.count > 2)
    for sample in samples {
      let differences = try replay.run(sample)
      #expect(differences.isEmpty, "\(name)/\(sample.name):\n\(differences.joined(separator: "\n"))")
    }
    replay.expectOrderedVersions(atLeast: 1, alone: name != "definitions")
  }
}
