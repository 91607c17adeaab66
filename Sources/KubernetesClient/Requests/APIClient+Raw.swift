public import JSONText
public import KubernetesAPI

/// The same verbs for kinds that have no type of ours.
extension APIClient {
  /// Every object of a kind, read page by page.
  public func list(
    _ type: ResourceType, namespace: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil,
    pageSize: Int = 500
  ) async throws -> ResourceList<JSONValue> {
    let scope = WatchScope(namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector)
    var pager = Pager()
    var items: [JSONValue] = []
    while true {
      do {
        let request = APIRequest.list(type, in: scope, limit: pageSize, continueToken: pager.continueToken)
        let page = try await send(request, as: ResourceList<JSONValue>.self)
        items += page.items
        if !pager.advance(past: page.metadata) { return ResourceList(metadata: page.metadata, items: items) }
      } catch APIError.expired(let status) {
        guard pager.restart() else { throw APIError.expired(status) }
        items = []
      }
    }
  }

  /// One object.
  public func get(
    _ type: ResourceType, name: String, namespace: String? = nil, subresource: String? = nil
  ) async throws -> JSONValue {
    try await send(.get(type, name: name, namespace: namespace, subresource: subresource), as: JSONValue.self)
  }

  /// Creates `object`, which carries its `apiVersion` and `kind`; without `namespace` in the one that it names.
  public func create(
    _ type: ResourceType, _ object: JSONValue, namespace: String? = nil, options: WriteOptions = WriteOptions()
  ) async throws -> JSONValue {
    let namespace = namespace ?? object["metadata"]?["namespace"]?.stringValue
    let body = try Self.encode(object)
    return try await send(.create(type, namespace: namespace, body: body, options: options), as: JSONValue.self)
  }

  /// Puts `object`, or its status, in place of the stored one.
  public func replace(
    _ type: ResourceType, _ object: JSONValue, name: String? = nil, namespace: String? = nil,
    subresource: String? = nil, options: WriteOptions = WriteOptions()
  ) async throws -> JSONValue {
    guard let name = name ?? object["metadata"]?["name"]?.stringValue else {
      throw APIError.request("metadata.name is missing: name the object to replace")
    }
    let request = APIRequest.replace(
      type, name: name, namespace: namespace ?? object["metadata"]?["namespace"]?.stringValue,
      subresource: subresource, body: try Self.encode(object), options: options)
    return try await send(request, as: JSONValue.self)
  }

  /// Changes an object, or a subresource of it such as `status`.
  public func patch(
    _ type: ResourceType, name: String, namespace: String? = nil, subresource: String? = nil, patch: Patch,
    options: WriteOptions = WriteOptions()
  ) async throws -> JSONValue {
    let request = try patchRequest(
      type, name: name, namespace: namespace, subresource: subresource, patch: patch, options: options)
    return try await send(request, as: JSONValue.self)
  }

  /// Deletes an object. Returns what the server says: a `Status`, or the object where finalizers hold it.
  @discardableResult
  public func delete(
    _ type: ResourceType, name: String, namespace: String? = nil, options: DeleteOptions = DeleteOptions()
  ) async throws -> JSONValue {
    let body = try options.body.map { try Self.encode($0) }
    let request = APIRequest.delete(type, name: name, namespace: namespace, body: body, dryRun: options.dryRun)
    return try await send(request, as: JSONValue.self)
  }
}

extension DeleteOptions {
  /// The request's body; `nil` when nothing is asked for.
  var body: JSONValue? {
    var preconditions: [String: JSONValue] = [:]
    if let uid { preconditions["uid"] = .string(uid) }
    if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion) }
    var members: [String: JSONValue] = [:]
    if !preconditions.isEmpty { members["preconditions"] = .object(preconditions) }
    if let gracePeriodSeconds { members["gracePeriodSeconds"] = .integer(Int64(gracePeriodSeconds)) }
    guard !members.isEmpty else { return nil }
    members["apiVersion"] = "v1"
    members["kind"] = "DeleteOptions"
    return .object(members)
  }
}
