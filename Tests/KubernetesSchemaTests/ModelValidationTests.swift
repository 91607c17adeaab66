import JSONText
import KubernetesAPI
import Testing

@testable import KubernetesSchema

struct ModelValidationTests {
  private func model(_ name: String, _ rest: String = "") throws -> JSONValue {
    try SchemaSupport.value("{spec: {modelName: \(name), poolRef: {name: gemma3}\(rest)}}")
  }

  @Test func theNameCannotBeChanged() throws {
    let schema = try SchemaSupport.schema(SchemaSupport.models)
    #expect(schema.validate(try model("chatbot")).isEmpty)
    #expect(schema.validate(try model("chatbot"), old: try model("chatbot")).isEmpty)
    let errors = schema.validate(try model("recommender"), old: try model("chatbot"))
    #expect(FieldError.aggregate(errors) == #"spec.modelName: Invalid value: "recommender": modelName is immutable"#)
  }

  @Test(arguments: [
    (", targetModels: [{name: a, weight: 1}, {name: b, weight: 2}]", ""),
    (", targetModels: [{name: a}, {name: b}]", ""),
    (
      ", targetModels: [{name: a, weight: 1}, {name: b}]",
      "spec.targetModels: Invalid value: Weights should be set for all models, or none of the models."
    ),
  ])
  func weightsAreForAllOrNone(_ rest: String, _ message: String) throws {
    let errors = try SchemaSupport.schema(SchemaSupport.models).validate(try model("chatbot", rest))
    #expect(errors.map(\.description) == (message.isEmpty ? [] : [message]))
  }

  @Test func aFreshStatusIsPending() throws {
    let schema = try SchemaSupport.schema(SchemaSupport.models)
    var object = try SchemaSupport.value("{spec: {modelName: chatbot, poolRef: {name: gemma3}}, status: {}}")
    schema.applyDefaults(&object)
    #expect(object["status", "conditions"]?.arrayValue?.first?["type"] == "Accepted")
    #expect(object["spec", "poolRef", "group"] == "inference.networking.x-k8s.io")
    #expect(object["spec", "criticality"] == nil)
    #expect(schema.validate(object).isEmpty)
  }

  @Test func allOurDefinitionsLoad() throws {
    for file in [SchemaSupport.pools, SchemaSupport.oldPools, SchemaSupport.models] {
      let definition = try SchemaSupport.definition(file)
      #expect(definition.namespaced)
      #expect(definition.servedKinds.allSatisfy { $0.hasStatus && $0.isStorageVersion })
    }
    let pool = try SchemaSupport.definition(SchemaSupport.pools)
    #expect(pool.names.shortNames == ["infpool"])
    #expect(pool.versions[0].printerColumns.map(\.name) == ["Name", "Accepted", "Endpoints", "Picker", "Age"])
  }

  @Test func anOldPoolBeginsWithTheParentThatMeansNone() throws {
    let schema = try SchemaSupport.schema(SchemaSupport.oldPools)
    var object = try SchemaSupport.value(
      "{spec: {selector: {app: x}, targetPortNumber: 8000, extensionRef: {name: epp}}}")
    schema.applyDefaults(&object)
    #expect(schema.validate(object).isEmpty)
    let parent = object["status", "parent"]?.arrayValue?.first
    #expect(parent?["parentRef", "kind"] == "Status")
    #expect(object["spec", "extensionRef", "failureMode"] == "FailClose")
  }
}
