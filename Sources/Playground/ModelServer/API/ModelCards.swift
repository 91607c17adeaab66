import JSONText
import ModelEngine

/// The answer of `/v1/models`.
struct ModelCards {
  let catalog: ModelCatalog
  let maxModelLen: Int
  let created: Int

  var body: OrderedJSON {
    let base = catalog.baseNames.map { name in
      card(name, root: "/models/\(catalog.primaryName)", parent: nil, maxModelLen: maxModelLen)
    }
    let adapters = catalog.loaded.map { adapter in
      card(adapter.name, root: adapter.path, parent: catalog.primaryName, maxModelLen: nil)
    }
    return ["object": "list", "data": .array(base + adapters)]
  }

  private func card(_ name: String, root: String, parent: String?, maxModelLen: Int?) -> OrderedJSON {
    [
      "id": .string(name), "object": "model", "created": .integer(created), "owned_by": "vllm",
      "root": .string(root), "parent": .string(orNull: parent),
      "max_model_len": maxModelLen.map { .integer($0) } ?? .null, "permission": [permission(name)],
    ]
  }

  private func permission(_ name: String) -> OrderedJSON {
    let id = String(StableHash.mix(FNV1a.hash(name.utf8), UInt64(created)), radix: 16)
    return [
      "id": .string("modelperm-\(id)"), "object": "model_permission", "created": .integer(created),
      "allow_create_engine": false, "allow_sampling": true, "allow_logprobs": true, "allow_search_indices": false,
      "allow_view": true, "allow_fine_tuning": false, "organization": "*", "group": nil, "is_blocking": false,
    ]
  }
}
