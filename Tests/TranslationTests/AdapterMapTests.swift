import KubernetesAPI
import Testing
import Translation

@Suite("ConfigMaps that tell of adapters")
struct AdapterMapTests {
  private func map(_ data: [String: String], _ labels: [String: String] = [:]) -> ConfigMap {
    ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n", labels: labels), data: data)
  }

  @Test(
    "adapters are a YAML list; blanks around names and empty entries do not count",
    arguments: [
      ("- a\n- b\n", ["a", "b"]), ("[a, 'b c']", ["a", "b c"]), ("- \"a \"\n-\n- 7\n", ["a", "7"]), ("", []),
      (" \n", []), ("# none yet\n", []), ("- org/a:v1", ["org/a:v1"]), ("[]", []),
    ] as [(String, [String])])
  func lists(_ text: String, _ names: [String]) throws {
    let read = try AdapterMap(map(["baseModel": " llama\n", "adapters": text]))
    #expect(read.baseModel == "llama" && read.adapters == names)
  }

  @Test("a base model without adapters is a map, too")
  func noAdapters() throws { #expect(try AdapterMap(map(["baseModel": "llama"])).adapters == []) }

  @Test(
    "what cannot be read names field, value and cure",
    arguments: [
      ([:], "data.baseModel is missing: set it"), (["baseModel": "  "], "data.baseModel is missing: set it"),
      (["baseModel": "b", "adapters": "a, b"], "data.adapters \"a, b\" is no list: write a YAML list"),
      (["baseModel": "b", "adapters": "a: b"], "data.adapters \"a: b\" is no list: write a YAML list"),
      (["baseModel": "b", "adapters": "- a\n- {name: b}"], "data.adapters[1] is a list or a map: write the adapter's"),
      (["baseModel": "b", "adapters": "- [a\n"], "data.adapters is no YAML ("),
    ] as [([String: String], String)])
  func mistakes(_ data: [String: String], _ words: String) {
    #expect {
      try AdapterMap(map(data))
    } throws: { error in
      (error as? AdapterMap.Mistake)?.message.hasPrefix(words) == true
    }
  }

  @Test("a list that would slow every pass for all is refused, with its length")
  func longList() throws {
    let line = "- adapter-0123456789\n"
    let longest = String(repeating: line, count: AdapterMap.longestList / line.utf8.count)
    #expect(try AdapterMap(map(["baseModel": "b", "adapters": longest])).adapters.count == 3120)
    mistakes(
      ["baseModel": "b", "adapters": longest + line], "data.adapters is 65541 bytes long, and at most 65536 are read")
  }

  @Test("the label of today and the earlier one make a ConfigMap a map, with the value true only")
  func labels() {
    #expect(AdapterMap.isOne(map([:], ["inference.llm-d.ai/ipp-managed": "true"])))
    #expect(AdapterMap.isOne(map([:], ["inference.networking.k8s.io/bbr-managed": "true"])))
    #expect(!AdapterMap.isOne(map([:], ["inference.llm-d.ai/ipp-managed": "false"])))
    #expect(!AdapterMap.isOne(map([:])))
  }
}
