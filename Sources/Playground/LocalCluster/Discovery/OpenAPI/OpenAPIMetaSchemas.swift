import JSONText
import KubernetesAPI

/// The schemas that every kind's schema refers to.
enum OpenAPIMetaSchemas {
  static let objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
  static let listMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"

  static let all: [String: JSONValue] = [
    objectMeta: object("What every object has.", objectMetaFields),
    listMeta: object("What every list has.", listMetaFields),
  ]

  private static func object(_ description: String, _ fields: [String: JSONValue]) -> JSONValue {
    ["type": "object", "description": .string(description), "properties": .object(fields)]
  }

  private static func field(_ type: String, _ description: String, format: String? = nil) -> JSONValue {
    var field: [String: JSONValue] = ["type": .string(type), "description": .string(description)]
    if let format { field["format"] = .string(format) }
    return .object(field)
  }

  private static func texts(_ description: String) -> JSONValue {
    ["type": "object", "description": .string(description), "additionalProperties": ["type": "string"]]
  }

  private static func list(_ description: String, of items: JSONValue) -> JSONValue {
    ["type": "array", "description": .string(description), "items": items]
  }

  private static let objectMetaFields: [String: JSONValue] = [
    "annotations": texts("Notes for tools and people; nothing selects by them."),
    "creationTimestamp": field("string", "When the server created the object.", format: "date-time"),
    "deletionGracePeriodSeconds": field("integer", "Seconds the object has to end by itself.", format: "int64"),
    "deletionTimestamp": field("string", "When deletion was asked for.", format: "date-time"),
    "finalizers": list(
      "Names of those who have something to do before the object may go.", of: ["type": "string"]),
    "generateName": field("string", "A beginning from which the server makes a unique name."),
    "generation": field("integer", "Counts changes of what is asked for.", format: "int64"),
    "labels": texts("Names and values by which objects are selected."),
    "managedFields": list("Who set which field.", of: object("Fields of one manager.", managedFields)),
    "name": field("string", "The name, unique among objects of the kind in the namespace."),
    "namespace": field("string", "The namespace that the object is in."),
    "ownerReferences": list("Objects this one goes away with.", of: ownerReference),
    "resourceVersion": field("string", "Changes with every write; tells whether what was read is still current."),
    "selfLink": field("string", "No longer set."),
    "uid": field("string", "Tells objects of the same name apart over time."),
  ]

  private static let managedFields: [String: JSONValue] = [
    "apiVersion": field("string", "The version that the fields are written in."),
    "fieldsType": field("string", "FieldsV1."),
    "fieldsV1": field("object", "The fields, as a tree of names."),
    "manager": field("string", "Who set them."),
    "operation": field("string", "Apply or Update."),
    "subresource": field("string", "The subresource that was written."),
    "time": field("string", "When they were set.", format: "date-time"),
  ]

  private static let ownerReference: JSONValue = {
    var reference =
      object(
        "An owner in the same namespace, or without one.",
        [
          "apiVersion": field("string", "The owner's group and version."),
          "blockOwnerDeletion": field("boolean", "Whether the owner stays until this object is gone."),
          "controller": field("boolean", "Whether the owner manages this object."),
          "kind": field("string", "The owner's kind."),
          "name": field("string", "The owner's name."),
          "uid": field("string", "The owner's uid."),
        ]
      ).objectValue ?? [:]
    reference["required"] = ["apiVersion", "kind", "name", "uid"]
    return .object(reference)
  }()

  private static let listMetaFields: [String: JSONValue] = [
    "continue": field("string", "Where the next page begins; empty on the last."),
    "remainingItemCount": field("integer", "How many objects come after this page.", format: "int64"),
    "resourceVersion": field("string", "The version of the list; a watch can go on from it."),
    "selfLink": field("string", "No longer set."),
  ]
}
