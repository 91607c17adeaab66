import Routing
import Testing

@testable import Operator

@Suite("What endpoints are called in metrics")
struct EndpointLabelsTests {
  private let gemma = PoolID(.inferencePool, object("gemma3"))
  private let qwen = PoolID(.inferencePool, object("qwen"))

  @Test("an endpoint is called after its pod, and after pod and port where a pod has several")
  func names() {
    let labels = EndpointLabels(
      table(
        Pool(id: gemma, endpoints: [endpoint(1, accelerator: "H100"), endpoint(2)]),
        Pool(id: qwen, endpoints: [endpoint(3, port: 8000), endpoint(3, port: 8001), endpoint(4)])))
    let names = Dictionary(uniqueKeysWithValues: labels.values.map { ($0.key, Array($0.value.dropFirst(2))) })
    #expect(names[.init(pool: gemma, endpoint: endpoint(1).id)] == ["gemma3", "pod-1", "H100"])
    #expect(names[.init(pool: gemma, endpoint: endpoint(2).id)] == ["gemma3", "pod-2", ""])
    #expect(names[.init(pool: qwen, endpoint: endpoint(3, port: 8001).id)] == ["qwen", "pod-3:8001", ""])
    #expect(names[.init(pool: qwen, endpoint: endpoint(4).id)] == ["qwen", "pod-4", ""])
  }

  @Test("an endpoint of two pools is named in both, and the two API versions of one name are two pools")
  func shared() {
    let old = PoolID(.inferencePoolV1Alpha2, object("gemma3"))
    let labels = EndpointLabels(
      table(Pool(id: gemma, endpoints: [endpoint(1)]), Pool(id: old, endpoints: [endpoint(1)])))
    #expect(
      Set(labels.values.values) == [
        ["InferencePool", "default", "gemma3", "pod-1", ""],
        ["InferencePool.v1alpha2", "default", "gemma3", "pod-1", ""],
      ])
  }

  @Test("beyond the limit each pool keeps its share, and the choice is always the same")
  func limit() {
    let many = Pool(id: gemma, endpoints: (1...9).map { endpoint($0) })
    let few = Pool(id: qwen, endpoints: [endpoint(20), endpoint(21)])
    let labels = EndpointLabels(table(many, few), limit: 6).values
    #expect(labels.keys.filter { $0.pool == qwen }.count == 2)
    #expect(
      labels.keys.filter { $0.pool == gemma }.map(\.endpoint).sorted() == (1...4).map { endpoint($0).id })
    #expect(EndpointLabels(table(few, many), limit: 6).values == labels)
  }
}
