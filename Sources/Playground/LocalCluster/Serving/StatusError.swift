import JSONText
import KubernetesAPI
import KubernetesSchema

/// A refusal, as the `Status` object that a real API server answers.
struct StatusError: Error, Sendable, Equatable {
  var code: Int
  /// `nil` only where the real server gives none.
  var reason: String?
  var message: String
  var details: JSONValue?

  /// The `Status` object of the answer.
  var body: JSONValue {
    var status: JSONValue = [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "code": .integer(Int64(code)),
      "message": .string(message),
    ]
    if let reason { status["reason"] = .string(reason) }
    status["details"] = details
    return status
  }

  static func badRequest(_ message: String) -> StatusError {
    StatusError(code: 400, reason: "BadRequest", message: message, details: nil)
  }

  static func unauthorized() -> StatusError {
    StatusError(code: 401, reason: "Unauthorized", message: "Unauthorized", details: nil)
  }

  static func notFound(_ resource: ResourceName, _ name: String) -> StatusError {
    StatusError(
      code: 404, reason: "NotFound", message: "\(resource.description) \"\(name)\" not found",
      details: details(name: name, group: resource.group, kind: resource.plural))
  }

  static func alreadyExists(_ resource: ResourceName, _ name: String) -> StatusError {
    StatusError(
      code: 409, reason: "AlreadyExists", message: "\(resource.description) \"\(name)\" already exists",
      details: details(name: name, group: resource.group, kind: resource.plural))
  }

  static func conflict(_ resource: ResourceName, _ name: String, _ why: String) -> StatusError {
    StatusError(
      code: 409, reason: "Conflict",
      message: "Operation cannot be fulfilled on \(resource.description) \"\(name)\": \(why)",
      details: details(name: name, group: resource.group, kind: resource.plural))
  }

  static func modified(_ resource: ResourceName, _ name: String) -> StatusError {
    conflict(
      resource, name, "the object has been modified; please apply your changes to the latest version and try again")
  }

  static func forbidden(_ resource: ResourceName, _ name: String, _ why: String) -> StatusError {
    StatusError(
      code: 403, reason: "Forbidden", message: "\(resource.description) \"\(name)\" is forbidden: \(why)",
      details: details(name: name, group: resource.group, kind: resource.plural))
  }

  static func methodNotAllowed() -> StatusError {
    StatusError(
      code: 405, reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource",
      details: .object([:]))
  }

  static func unsupportedMediaType(accepted: [String]) -> StatusError {
    let list = accepted.joined(separator: ", ")
    return StatusError(
      code: 415, reason: "UnsupportedMediaType",
      message: "the body of the request was in an unknown format - accepted media types include: \(list)", details: nil)
  }

  /// An object that breaks the rules of its kind: one cause for each mistake.
  static func invalid(group: String, kind: String, name: String, _ causes: [FieldError]) -> StatusError {
    let list = FieldError.aggregate(causes)
    var details = details(name: name, group: group, kind: kind)
    details["causes"] = .array(
      causes.map {
        ["reason": .string($0.reason.rawValue), "message": .string($0.message), "field": .string($0.field)]
      })
    let qualified = group.isEmpty ? kind : "\(kind).\(group)"
    return StatusError(
      code: 422, reason: "Invalid", message: "\(qualified) \"\(name)\" is invalid: \(list)", details: details)
  }

  static func expired(_ message: String) -> StatusError {
    StatusError(code: 410, reason: "Expired", message: message, details: nil)
  }

  static func versionTooLarge(_ asked: Int64, current: Int64) -> StatusError {
    StatusError(
      code: 504, reason: "Timeout", message: "Timeout: Too large resource version: \(asked), current: \(current)",
      details: [
        "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
        "retryAfterSeconds": 1,
      ])
  }

  static func internalError(_ message: String) -> StatusError {
    StatusError(
      code: 500, reason: "InternalError", message: "Internal error occurred: \(message)",
      details: ["causes": [["message": .string(message)]]])
  }

  private static func details(name: String, group: String, kind: String) -> JSONValue {
    var details: JSONValue = ["kind": .string(kind)]
    if !name.isEmpty { details["name"] = .string(name) }
    if !group.isEmpty { details["group"] = .string(group) }
    return details
  }
}
