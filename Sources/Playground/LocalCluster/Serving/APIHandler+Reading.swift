import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema

extension APIHandler {
  func get(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    let key = ObjectStore.key(path.namespace, name)
    if request.flag("watch") {
      throw .badRequest("a watch is asked of a collection, with fieldSelector=metadata.name=\(name)")
    }
    guard let object = storage.read({ $0.store.object(path.kind.resource, key) }) else {
      throw .notFound(path.kind.resource, name)
    }
    return respond(200, object, request, path.kind)
  }

  /// One object in the form that the client asked for.
  func respond(
    _ status: Int, _ object: JSONValue, _ request: APIRequest, _ kind: ServedKind, warnings: [String] = []
  ) -> APIResponse {
    let renderer = ObjectRenderer(kind: kind, shape: .negotiate(request.accept), query: request.query, now: now())
    return .json(status, renderer.single(object), warnings: warnings)
  }

  /// What a list or watch selects.
  func selection(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> Selection {
    Selection(
      namespace: path.namespace, labels: try LabelSelectorQuery(parsing: request.query["labelSelector"] ?? ""),
      fields: try FieldSelectorQuery(
        parsing: request.query["fieldSelector"] ?? "", for: path.kind.resource, also: path.kind.selectableFields))
  }

  func list(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> APIResponse {
    let selection = try selection(request, path)
    let asked = try Self.version(request.query["resourceVersion"])
    let limit = Int(request.query["limit"] ?? "") ?? 0
    let token = try request.query["continue"].flatMap { $0.isEmpty ? nil : $0 }.map(ContinueToken.init(parsing:))
    let (objects, version) = storage.read { state in
      (state.store.objects(path.kind.resource, namespace: path.namespace), state.store.version)
    }
    if let asked, asked > version { throw .versionTooLarge(asked, current: version) }
    if request.query["resourceVersionMatch"] == "Exact", let asked, asked != version {
      throw .expired("The provided resource version is no longer available: only the newest state can be listed")
    }
    var found = objects.filter { selection.matches($0.value) }
    if let token { found.removeAll { $0.key <= token.start } }
    var metadata: JSONValue = ["resourceVersion": .string(String(token?.version ?? version))]
    if limit > 0, found.count > limit {
      let last = found[limit - 1].key
      metadata["continue"] = .string(ContinueToken(version: token?.version ?? version, start: last).text)
      // A selector makes the count unknown in the real server, which then leaves it out.
      if selection.isEverything { metadata["remainingItemCount"] = .integer(Int64(found.count - limit)) }
      found = Array(found[..<limit])
    }
    let renderer = ObjectRenderer(kind: path.kind, shape: .negotiate(request.accept), query: request.query, now: now())
    return .json(200, renderer.list(found.map(\.value), metadata: metadata))
  }

  func watch(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> APIResponse {
    let selection = try selection(request, path)
    let asked = try Self.version(request.query["resourceVersion"])
    let current = storage.read { $0.store.version }
    if let asked, asked > current { throw .versionTooLarge(asked, current: current) }
    let initial = request.flag("sendInitialEvents")
    if initial, request.query["resourceVersionMatch"] != "NotOlderThan" {
      throw Self.invalidOptions(
        "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
    }
    let plan = WatchPlan(
      renderer: ObjectRenderer(kind: path.kind, shape: .negotiate(request.accept), query: request.query, now: now()),
      selection: selection,
      start: initial || (asked ?? 0) == 0 ? .currentState(announceEnd: initial) : .after(asked ?? 0),
      bookmarks: request.flag("allowWatchBookmarks"),
      timeout: .seconds(
        Int64(request.query["timeoutSeconds"] ?? "").flatMap { $0 > 0 ? $0 : nil } ?? Int64.random(in: 1800...3600)))
    return APIResponse(
      status: 200, headers: [("Cache-Control", "no-cache, private"), ("Content-Type", "application/json")],
      body: .watch(plan))
  }

  private static func invalidOptions(_ field: String, _ why: String) -> StatusError {
    .invalid(
      group: "meta.k8s.io", kind: "ListOptions", name: "",
      [FieldError(reason: .forbidden, field: field, message: "Forbidden: \(why)")])
  }

  /// The version in a parameter; `nil` where none is given, 0 for any.
  private static func version(_ text: String?) throws(StatusError) -> Int64? {
    guard let text, !text.isEmpty else { return nil }
    guard let version = Int64(text), version >= 0 else {
      throw invalidOptions(
        "resourceVersion", "Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
    }
    return version
  }
}

/// Which objects of a collection a client wants.
struct Selection: Sendable {
  var namespace: String
  var labels: LabelSelectorQuery
  var fields: FieldSelectorQuery

  /// Whether no selector narrows the collection.
  var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

  func matches(_ object: JSONValue) -> Bool {
    (namespace.isEmpty || object.objectNamespace == namespace)
      && (labels.requirements.isEmpty || labels.matches(object.objectLabels)) && fields.matches(object)
  }
}

/// Where the next page of a list begins, in the real server's encoding.
struct ContinueToken: Sendable {
  var version: Int64
  var start: String

  init(version: Int64, start: String) {
    self.version = version
    self.start = start
  }

  /// - Throws: `StatusError` (400) for a token that this server did not make.
  init(parsing text: String) throws(StatusError) {
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    let padded = standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)
    guard let data = Data(base64Encoded: padded) else {
      throw .badRequest("invalid continue token: continue key is not valid: illegal base64 data")
    }
    let value: JSONValue
    do { value = try JSONReader.parse([UInt8](data)) } catch {
      throw .badRequest("invalid continue token: continue key is not valid: \(error.goMessage)")
    }
    guard let version = value["rv"]?.integerValue, let start = value["start"]?.stringValue, start.hasPrefix("/") else {
      throw .badRequest("invalid continue token: continue key is not valid: incorrect encoded start resourceVersion")
    }
    self.version = version
    self.start = String(start.dropFirst().filter { $0 != "\0" })
  }

  var text: String {
    let value: JSONValue = [
      "v": "meta.k8s.io/v1", "rv": .integer(version), "start": .string("/\(start)\0"),
    ]
    return Data(JSONWriter.bytes(of: value)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }
}
