import Hummingbird
import JSONText

/// Loads and unloads adapters while the server runs, as vLLM does with `VLLM_ALLOW_RUNTIME_LORA_UPDATING`.
struct LoRAHandler: Sendable {
  let catalog: ModelCatalog

  func load(_ body: JSONValue) throws(ServiceError) -> Response {
    let fields = FieldReader(body: body)
    guard let name = try fields.string("lora_name"), let path = try fields.string("lora_path"), !name.isEmpty,
      !path.isEmpty
    else {
      throw ServiceError(
        status: 400, type: "InvalidUserInput", message: "Both 'lora_name' and 'lora_path' must be provided.")
    }
    guard catalog.load(.init(name: name, path: path)) else {
      throw ServiceError(
        status: 400, type: "InvalidUserInput",
        message: "The lora adapter '\(name)' has already been loaded. If you want to load the adapter in place, "
          + "unload it first.")
    }
    return .text("Success: LoRA adapter '\(name)' added successfully.")
  }

  func unload(_ body: JSONValue) throws(ServiceError) -> Response {
    let fields = FieldReader(body: body)
    guard let name = try fields.string("lora_name"), !name.isEmpty else {
      throw ServiceError(
        status: 400, type: "InvalidUserInput", message: "'lora_name' needs to be provided to unload a LoRA adapter.")
    }
    guard catalog.unload(name) else {
      throw ServiceError(
        status: 404, type: "NotFoundError", message: "The lora adapter '\(name)' cannot be found.")
    }
    return .text("Success: LoRA adapter '\(name)' removed successfully.")
  }
}
