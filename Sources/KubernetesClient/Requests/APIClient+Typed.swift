public import KubernetesAPI
import Logging

extension APIClient {
  /// Every object of a kind in a namespace, or in all of them (`nil`), read page by page.
  ///
  /// A list that changes under the pages until its token expires is started over. An object that does not decode is
  /// logged and left out.
  public func list<R: Resource>(
    _ type: R.Type = R.self, namespace: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil,
    pageSize: Int = 500
  ) async throws -> ResourceList<R> {
    let scope = WatchScope(namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector)
    var pager = Pager()
    var items: [R] = []
    while true {
      do {
        let page = try await page(of: type, in: scope, limit: pageSize, continueToken: pager.continueToken)
        for object in page.undecodable { log(object) }
        items += page.items
        if !pager.advance(past: page.metadata) { return ResourceList(metadata: page.metadata, items: items) }
      } catch APIError.expired(let status) {
        guard pager.restart() else { throw APIError.expired(status) }
        items = []
      }
    }
  }

  /// One page of a list, as the watch shell reads it.
  func page<R: Resource>(
    of type: R.Type, in scope: WatchScope, limit: Int?, continueToken: String?
  ) async throws -> ObjectPage<R> {
    let request = APIRequest.list(R.type, in: scope, limit: limit, continueToken: continueToken)
    return try await send(request, as: ObjectPage<R>.self)
  }

  /// One object.
  public func get<R: Resource>(_ type: R.Type = R.self, name: String, namespace: String? = nil) async throws -> R {
    try await send(.get(R.type, name: name, namespace: namespace), as: type)
  }

  /// Creates `object`, in the namespace that its metadata names. Returns it as the server stored it.
  public func create<R: Resource>(_ object: R, options: WriteOptions = WriteOptions()) async throws -> R {
    let body = try Self.encode(Manifest(object))
    return try await send(
      .create(R.type, namespace: object.metadata.namespace, body: body, options: options), as: R.self)
  }

  /// Puts `object` in place of the stored one; with its `resourceVersion`, only if that is still the newest.
  public func replace<R: Resource>(_ object: R, options: WriteOptions = WriteOptions()) async throws -> R {
    let request = APIRequest.replace(
      R.type, name: object.metadata.name, namespace: object.metadata.namespace,
      body: try Self.encode(Manifest(object)), options: options)
    return try await send(request, as: R.self)
  }

  /// Changes an object. Returns it as the server stored it.
  public func patch<R: Resource>(
    _ type: R.Type = R.self, name: String, namespace: String? = nil, patch: Patch,
    options: WriteOptions = WriteOptions()
  ) async throws -> R {
    try await send(
      patchRequest(R.type, name: name, namespace: namespace, subresource: nil, patch: patch, options: options),
      as: type)
  }

  /// Changes an object's status.
  public func patchStatus<R: Resource>(
    _ type: R.Type = R.self, name: String, namespace: String? = nil, patch: Patch,
    options: WriteOptions = WriteOptions()
  ) async throws -> R {
    try await send(
      patchRequest(R.type, name: name, namespace: namespace, subresource: "status", patch: patch, options: options),
      as: type)
  }

  /// Server-side apply of `object` in the name of `fieldManager`.
  public func apply<R: Resource>(_ object: R, fieldManager: String, force: Bool = false) async throws -> R {
    try await patch(
      R.self, name: object.metadata.name, namespace: object.metadata.namespace,
      patch: .apply(object, force: force), options: WriteOptions(fieldManager: fieldManager))
  }

  /// Deletes an object. Returning means accepted: finalizers may hold it.
  public func delete<R: Resource>(
    _ type: R.Type, name: String, namespace: String? = nil, options: DeleteOptions = DeleteOptions()
  ) async throws {
    _ = try await delete(R.type, name: name, namespace: namespace, options: options)
  }

  func patchRequest(
    _ type: ResourceType, name: String, namespace: String?, subresource: String?, patch: Patch, options: WriteOptions
  ) throws -> APIRequest {
    if case .apply = patch, options.fieldManager == nil {
      throw APIError.request("an apply patch needs WriteOptions.fieldManager: set it to the name of the writer")
    }
    let encoded: EncodedPatch
    do {
      encoded = try patch.encoded()
    } catch {
      throw APIError.request("the patch does not encode as JSON: \(error)")
    }
    return .patch(
      type, name: name, namespace: namespace, subresource: subresource, patch: encoded, options: options)
  }

  func log(_ object: UndecodableObject) {
    logger.warning(
      "an object does not decode: what was last known of it stays, and nothing of a new one takes effect",
      metadata: ["kind": "\(object.type.kind)", "object": "\(object.key)", "error": "\(object.reason)"])
  }
}
