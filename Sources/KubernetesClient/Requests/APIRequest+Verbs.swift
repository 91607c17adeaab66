public import KubernetesAPI

extension APIRequest {
  /// The path of a collection, or of one object in it, or of one of its subresources.
  ///
  /// A `namespace` of `nil` or "" means all namespaces, and is the only choice for a kind of the whole cluster.
  public static func path(
    of type: ResourceType, namespace: String?, name: String? = nil, subresource: String? = nil
  ) -> String {
    var path = type.group.isEmpty ? "/api/\(type.version)" : "/apis/\(type.group)/\(type.version)"
    if type.namespaced, let namespace, !namespace.isEmpty { path += "/namespaces/\(percentEncode(namespace))" }
    path += "/\(type.plural)"
    if let name { path += "/\(percentEncode(name))" }
    if let subresource { path += "/\(subresource)" }
    return path
  }

  /// A page of a list.
  public static func list(
    _ type: ResourceType, in scope: WatchScope = .all, limit: Int? = nil, continueToken: String? = nil
  ) -> APIRequest {
    var query = scope.query
    if let limit { query.append(QueryItem("limit", String(limit))) }
    if let continueToken, !continueToken.isEmpty { query.append(QueryItem("continue", continueToken)) }
    let accept = scope.metadataOnly ? MediaType.metadataList : MediaType.json
    return APIRequest(path: path(of: type, namespace: scope.namespace), query: query, accept: accept)
  }

  /// A watch from `resourceVersion` on, with bookmarks, that the server ends after `timeoutSeconds`.
  public static func watch(
    _ type: ResourceType, in scope: WatchScope = .all, from resourceVersion: String, timeoutSeconds: Int
  ) -> APIRequest {
    let query =
      scope.query + [
        QueryItem("watch", "true"), QueryItem("allowWatchBookmarks", "true"),
        QueryItem("resourceVersion", resourceVersion), QueryItem("timeoutSeconds", String(timeoutSeconds)),
      ]
    let accept = scope.metadataOnly ? MediaType.metadata : MediaType.json
    return APIRequest(path: path(of: type, namespace: scope.namespace), query: query, accept: accept)
  }

  /// One object.
  public static func get(
    _ type: ResourceType, name: String, namespace: String?, subresource: String? = nil
  ) -> APIRequest {
    APIRequest(path: path(of: type, namespace: namespace, name: name, subresource: subresource))
  }

  /// A new object.
  public static func create(
    _ type: ResourceType, namespace: String?, body: [UInt8], options: WriteOptions = WriteOptions()
  ) -> APIRequest {
    APIRequest(
      method: "POST", path: path(of: type, namespace: namespace), query: options.query, body: body,
      contentType: MediaType.json)
  }

  /// A whole object, or a subresource of it, in place of the old one.
  public static func replace(
    _ type: ResourceType, name: String, namespace: String?, subresource: String? = nil, body: [UInt8],
    options: WriteOptions = WriteOptions()
  ) -> APIRequest {
    APIRequest(
      method: "PUT", path: path(of: type, namespace: namespace, name: name, subresource: subresource),
      query: options.query, body: body, contentType: MediaType.json)
  }

  /// A change to an object, or to a subresource of it.
  public static func patch(
    _ type: ResourceType, name: String, namespace: String?, subresource: String? = nil, patch: EncodedPatch,
    options: WriteOptions = WriteOptions()
  ) -> APIRequest {
    var query = options.query
    if patch.force { query.append(QueryItem("force", "true")) }
    return APIRequest(
      method: "PATCH", path: path(of: type, namespace: namespace, name: name, subresource: subresource),
      query: query, body: patch.body, contentType: patch.mediaType)
  }

  /// The end of an object.
  public static func delete(
    _ type: ResourceType, name: String, namespace: String?, body: [UInt8]? = nil, dryRun: Bool = false
  ) -> APIRequest {
    APIRequest(
      method: "DELETE", path: path(of: type, namespace: namespace, name: name),
      query: dryRun ? [QueryItem("dryRun", "All")] : [], body: body, contentType: body == nil ? nil : MediaType.json)
  }
}
