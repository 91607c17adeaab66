import JSONText
import KubernetesAPI
import KubernetesSchema

/// Reads the body of a write and checks that it is what the path says it is.
enum BodyReader {
  /// Any body, JSON or YAML.
  ///
  /// - Throws: `StatusError` (400) with the decoder's words.
  static func value(_ request: APIRequest, kind: String) throws(StatusError) -> JSONValue {
    if request.contentType.contains("yaml") { return try yaml(request.body) }
    if request.contentType.hasPrefix("application/vnd.kubernetes.protobuf") {
      return try ProtobufReader.object(request.body)
    }
    do {
      return try JSONReader.parse(request.body)
    } catch {
      let text = String(decoding: request.body.prefix(200), as: UTF8.self)
      throw .badRequest(
        "the object provided is unrecognized (must be of type \(kind)): couldn't get version/kind; "
          + "json parse error: \(error.goMessage) (\(text))")
    }
  }

  /// The first document of a YAML body.
  static func yaml(_ body: [UInt8]) throws(StatusError) -> JSONValue {
    do {
      guard let document = try yamlDocuments(String(decoding: body, as: UTF8.self)).first else {
        throw StatusError.badRequest("the body holds no YAML document")
      }
      return document
    } catch let error as StatusError {
      throw error
    } catch {
      throw .badRequest("error decoding YAML: \(error)")
    }
  }

  /// The object of a create or update.
  static func object(_ request: APIRequest, _ path: APIHandler.ResourcePath) throws(StatusError) -> JSONValue {
    let kind = path.kind
    var object = try value(request, kind: kind.kind)
    guard object.objectValue != nil else { throw .badRequest("the body is not a \(kind.kind) object") }
    let version = object["apiVersion"]?.stringValue ?? ""
    let name = object["kind"]?.stringValue ?? ""
    guard version.isEmpty || version == kind.apiVersion else {
      throw .badRequest(
        "the API version in the data (\(version)) does not match the expected API version (\(kind.apiVersion))")
    }
    guard name.isEmpty || name == kind.kind else {
      throw .badRequest("\(name) in version \"\(kind.version)\" cannot be handled as a \(kind.kind)")
    }
    if kind.isCustom, version.isEmpty || name.isEmpty {
      throw .badRequest("Object 'Kind' or 'apiVersion' is missing in '\(JSONWriter.text(of: object))'")
    }
    if let problem = ObjectMetadata.typeProblem(object["metadata"] ?? [:], isCustom: kind.isCustom) {
      throw .badRequest("\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): \(problem)")
    }
    object["apiVersion"] = .string(kind.apiVersion)
    object["kind"] = .string(kind.kind)
    try place(&object, in: path)
    return object
  }

  /// Puts the path's namespace into the object, or refuses the object's own.
  static func place(_ object: inout JSONValue, in path: APIHandler.ResourcePath) throws(StatusError) {
    if object["metadata"] == nil || object["metadata"] == .null { object["metadata"] = [:] }
    guard object["metadata"]?.objectValue != nil else { throw .badRequest("metadata must be an object") }
    let stated = object.objectNamespace
    if path.kind.namespaced {
      guard stated.isEmpty || stated == path.namespace else {
        throw .badRequest(
          "the namespace of the provided object does not match the namespace sent on the request")
      }
      object["metadata", "namespace"] = .string(path.namespace)
    } else {
      object["metadata", "namespace"] = nil
    }
  }
}
