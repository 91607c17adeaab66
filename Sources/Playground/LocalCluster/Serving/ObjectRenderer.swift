import Foundation
import JSONText
import KubernetesSchema

/// Writes stored objects in the version and form that a client asked for.
struct ObjectRenderer: Sendable {
  let kind: ServedKind
  let shape: ResponseShape
  /// `Metadata` (the default), `Object` or `None`: what comes with each row of a table.
  let includeObject: String
  let now: Date

  init(kind: ServedKind, shape: ResponseShape, query: [String: String], now: Date) {
    self.kind = kind
    self.shape = shape
    self.includeObject = query["includeObject"] ?? "Metadata"
    self.now = now
  }

  /// One object.
  func single(_ object: JSONValue, columns: Bool = true, at moment: Date? = nil) -> JSONValue {
    switch shape {
    case .object: return versioned(object)
    case .partialMetadata: return partial(object)
    case .table:
      let metadata: JSONValue = ["resourceVersion": object["metadata", "resourceVersion"] ?? ""]
      return table([object], metadata: metadata, columns: columns, at: moment ?? now)
    }
  }

  /// A whole list.
  func list(_ objects: [JSONValue], metadata: JSONValue) -> JSONValue {
    switch shape {
    case .object:
      var metadata = metadata
      if kind.isCustom, metadata["continue"] == nil { metadata["continue"] = "" }
      // Items of built-in kinds carry no kind of their own; those of custom resources do.
      let items = objects.map { kind.isCustom ? versioned($0) : bare($0) }
      return [
        "kind": .string(kind.listKind), "apiVersion": .string(kind.apiVersion), "metadata": metadata,
        "items": .array(items),
      ]
    case .partialMetadata:
      return [
        "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
        "items": .array(objects.map(partial)),
      ]
    case .table: return table(objects, metadata: metadata, columns: true, at: now)
    }
  }

  /// The object that carries a bookmark's version.
  func bookmark(version: Int64, endsInitial: Bool) -> JSONValue {
    var metadata: JSONValue = ["resourceVersion": .string(String(version))]
    if endsInitial { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
    switch shape {
    case .object:
      return ["kind": .string(kind.kind), "apiVersion": .string(kind.apiVersion), "metadata": metadata]
    case .partialMetadata:
      return ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata]
    case .table:
      return [
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": .null, "rows": [],
      ]
    }
  }

  private func versioned(_ object: JSONValue) -> JSONValue {
    var object = object
    object["apiVersion"] = .string(kind.apiVersion)
    object["kind"] = .string(kind.kind)
    return object
  }

  private func bare(_ object: JSONValue) -> JSONValue {
    var object = object
    object["apiVersion"] = nil
    object["kind"] = nil
    return object
  }

  private func partial(_ object: JSONValue) -> JSONValue {
    [
      "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? [:],
    ]
  }

  private func table(_ objects: [JSONValue], metadata: JSONValue, columns: Bool, at moment: Date) -> JSONValue {
    var table: JSONValue = ["kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata]
    table["columnDefinitions"] = columns ? .array(kind.printerColumns.map(definition)) : .null
    table["rows"] = .array(
      objects.map { object in
        var row: JSONValue = ["cells": .array(kind.printerColumns.map { $0.cell(for: object, now: moment) })]
        switch includeObject {
        case "Object": row["object"] = versioned(object)
        case "None": row["object"] = .null
        default: row["object"] = partial(object)
        }
        return row
      })
    return table
  }

  private func definition(_ column: PrinterColumn) -> JSONValue {
    [
      "name": .string(column.name), "type": .string(column.type), "format": .string(column.format),
      "description": .string(column.description), "priority": .integer(Int64(column.priority)),
    ]
  }
}
