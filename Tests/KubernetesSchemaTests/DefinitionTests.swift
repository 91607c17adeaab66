import JSONText
import Testing

@testable import KubernetesSchema

struct DefinitionTests {
  private static let good = """
    metadata: {name: widgets.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: Widget, plural: widgets}
      versions:
      - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
    """

  @Test func aSmallDefinitionIsEnough() throws {
    let definition = try CustomResourceDefinition(try SchemaSupport.value(Self.good))
    #expect(definition.names.listKind == "WidgetList")
    #expect(definition.names.singular == "widget")
    #expect(definition.servedKinds.map(\.apiVersion) == ["example.com/v1"])
    #expect(definition.versions[0].printerColumns.map(\.name) == ["Name", "Age"])
  }

  @Test(arguments: [
    (
      "group: example.com", "group: other.com",
      "metadata.name: Invalid value: \"widgets.example.com\": must be spec.names.plural+\".\"+spec.group"
    ),
    (
      "scope: Namespaced", "scope: Galaxy",
      "spec.scope: Unsupported value: \"Galaxy\": supported values: \"Cluster\", \"Namespaced\""
    ),
    (
      "storage: true", "storage: false",
      "spec.versions: Invalid value: [\"v1\"]: must have exactly one version marked as storage version"
    ),
    ("kind: Widget, ", "", "spec.names.kind: Required value"),
    (
      "{type: object}", "{type: object, properties: {a: {type: integer, maximum: 3, default: 7}}}",
      "spec.versions[0].schema.openAPIV3Schema.properties[a].default: Invalid value: 7:  in body should be less than or "
        + "equal to 3"
    ),
    (
      "{type: object}", "{type: object, properties: {a: {type: object, properties: {}, default: {z: 1}}}}",
      "spec.versions[0].schema.openAPIV3Schema.properties[a].default: Invalid value: {\"z\":1}: must not have unknown fields"
    ),
    (
      "{type: object}", "{type: object, properties: {a: {type: integer, default: x}}}",
      "spec.versions[0].schema.openAPIV3Schema.properties[a].default: Invalid value: \"string\":  in body must be of type "
        + "integer: \"string\""
    ),
    (
      "{type: object}", "{type: objct}",
      "[spec.versions[0].schema.openAPIV3Schema.type: Unsupported value: \"objct\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\", spec.versions[0].schema.openAPIV3Schema.type: Invalid value: \"objct\": must be object at the root]"
    ),
    (
      "{type: object}", "{type: object, x-kubernetes-validations: [{rule: 'self.a ='}]}",
      "spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0].rule: Invalid value: \"self.a =\": compilation failed: Syntax error at column 8: unexpected '='"
    ),
    (
      "{type: object}", "{type: object, properties: {a: {type: string, pattern: '['}}}",
      "spec.versions[0].schema.openAPIV3Schema.properties[a].pattern: Invalid value: \"[\": must be a valid regular expression, but isn't"
    ),
    (
      "{type: object}", "{type: object, properties: {a: {}, b: {type: array, items: {}}, c: {type: array}}}",
      "[spec.versions[0].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified "
        + "object fields, spec.versions[0].schema.openAPIV3Schema.properties[b].items.type: Required value: must not be "
        + "empty for specified array items, spec.versions[0].schema.openAPIV3Schema.properties[c].items: Required "
        + "value: must be specified]"
    ),
  ])
  func badDefinitionsSayWhat(_ part: String, _ replacement: String, _ message: String) throws {
    let text = Self.good.replacing(part, with: replacement)
    let object = try SchemaSupport.value(text)
    do {
      _ = try CustomResourceDefinition(object)
      Issue.record("accepted")
    } catch {
      let versions = error.errors.filter { !$0.field.hasSuffix("spec.versions") || part.hasPrefix("storage") }
      #expect(FieldError.aggregate(versions) == message)
    }
  }

  @Test(arguments: [
    ("self.ports.all(p, p.number > 0)", ""),
    ("self.ports.all(p, p.numbr > 0)", "undefined field 'numbr'"),
    ("self.ports.filter(p, p.number > 0)[0].nmber == 1", "undefined field 'nmber'"),
    ("has(self.colour)", "undefined field 'colour'"),
    ("self.labels.anything == 'x' && self.open.anything == 1", ""),
    ("self.metadata.name == 'x'", ""),
  ])
  func rulesReadOnlyFieldsThatExist(_ rule: String, _ reason: String) throws {
    let schema = try SchemaSupport.value(
      """
      type: object
      x-kubernetes-validations: [{rule: "\(rule)"}]
      properties:
        ports: {type: array, items: {type: object, properties: {number: {type: integer}}}}
        labels: {type: object, additionalProperties: {type: string}}
        open: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """)
    do {
      _ = try StructuralSchema(schema)
      #expect(reason.isEmpty)
    } catch {
      #expect(error.description.hasSuffix("compilation failed: \(reason)"))
    }
  }

  @Test func protectedGroupsNeedApproval() throws {
    let text = Self.good.replacing("example.com", with: "x.k8s.io")
    let error = #expect(throws: SchemaError.self) { try CustomResourceDefinition(try SchemaSupport.value(text)) }
    #expect(error.map { "\($0)".contains("api-approved.kubernetes.io") } == true, "\(String(describing: error))")
  }

  @Test func yamlKeepsTypesAndReportsErrors() throws {
    let documents = try yamlDocuments("a: 1\nb: 'true'\nc: true\nd: 1.5\ne: ~\nf: \"1\"\n---\n---\n{x: [no, 0x10]}\n")
    let first: JSONValue = ["a": 1, "b": "true", "c": true, "d": 1.5, "e": nil, "f": "1"]
    #expect(documents.first == first)
    #expect(documents.count == 2)
    let error = #expect(throws: (any Error).self) { try yamlDocuments("a: 1\n---\nb: [1") }
    #expect(error.map { "\($0)".contains("flow sequence") } == true, "\(String(describing: error))")
  }
}
