/// The header by which an HTTPRoute matches the model that a request's body names.
///
/// Rules that match on it see ``BodyFacts/model`` only. A header of that name from a client is never looked at, so
/// that no client can send its request to a pool that its body does not ask for.
public let modelNameHeader = "x-gateway-model-name"

/// The header by which an HTTPRoute matches the base model of the model that a request's body names: of an adapter, the
/// model that it was trained on (``Listener/baseModels``). Like ``modelNameHeader``, it is never read from a client.
public let baseModelNameHeader = "x-gateway-base-model-name"

/// Whether a header in lower case is one of those that the gateway makes of the body's model.
func isModelHeader(_ name: String) -> Bool { name == modelNameHeader || name == baseModelNameHeader }
