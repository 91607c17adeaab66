import Foundation
import JSONText
import KubernetesAPI
import TestSupport
import Testing
import Translation

@Suite("Statuses as JSON")
struct ReportTests {
  @Test("the JSON has the API's field names under the object's name")
  func json() throws {
    let text = try translate(GoldenCase(name: "guide").load().state).statuses.jsonDescription()
    let json = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    let gateway = json["gateways"]?["default/inference-gateway"]
    #expect(gateway?["addresses"]?[0]?["value"] == "127.20.0.1")
    #expect(gateway?["listeners"]?[0]?["attachedRoutes"] == 1)
    let parent = json["inferencePools"]?["default/gemma3"]?["parents"]?[0]
    #expect(parent?["parentRef"]?["namespace"] == "default")
    #expect(parent?["controllerName"] == .string(ClusterState.defaultControllerName))
    #expect(
      parent?["conditions"]?.arrayValue?.compactMap { $0["message"]?.stringValue }.contains("2 of 3 ready") == true)
    #expect(json["inferenceModels"]?["default/chatbot"]?["conditions"]?[0]?["reason"] == "Accepted")
    #expect(!text.contains("lastTransitionTime"))
  }

  @Test("docs/conformance.md names the features that a GatewayClass claims, and no other")
  func claims() throws {
    let statuses = translate(try GoldenCase(name: "guide").load().state).statuses.gatewayClasses
    let claimed = try #require(statuses.values.first).supportedFeatures.map(\.name)
    #expect(claimed == claimed.sorted() && Set(claimed).count == claimed.count && claimed.count <= 64)
    let page = try String(contentsOf: repository.appending(path: "docs/conformance.md"), encoding: .utf8)
    let list = try #require(page.components(separatedBy: "## What is claimed").last)
    #expect(list.matches(of: /`([A-Za-z0-9]+)`/).map { String($0.output.1) } == claimed)
  }
}
