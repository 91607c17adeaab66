import JSONText
import KubernetesAPI
import Routing

extension PolicyReader {
  /// Reads the filter at `field` (for example `spec.rules[0].filters[0]`) by its type.
  mutating func read(_ filter: HTTPRouteFilter, field: String) {
    refuseStrayMembers(of: filter, field: field)
    guard (resolver.kind.filterTypes + Self.absentTypes).contains(filter.type) else {
      return refuse(
        "\(field).type \(JSONWriter.quoted(filter.type)) is unknown: use one of "
          + resolver.kind.filterTypes.joined(separator: ", "))
    }
    switch filter.type {
    case "RequestHeaderModifier":
      guard let changes = body(filter.requestHeaderModifier, of: filter, field: field) else { return }
      readRequestHeaders(changes, field: "\(field).requestHeaderModifier")
    case "ResponseHeaderModifier":
      guard let changes = body(filter.responseHeaderModifier, of: filter, field: field) else { return }
      policy.responseHeaders = readHeaders(changes, field: "\(field).responseHeaderModifier")
    case "RequestRedirect":
      guard isAllowed(filter, field: field), let redirect = body(filter.requestRedirect, of: filter, field: field)
      else { return }
      policy.redirect = readRedirect(redirect, field: "\(field).requestRedirect")
    case "URLRewrite":
      guard let rewrite = body(filter.urlRewrite, of: filter, field: field) else { return }
      readRewrite(rewrite, field: "\(field).urlRewrite")
    case "RequestMirror":
      guard let mirror = body(filter.requestMirror, of: filter, field: field) else { return }
      readMirror(mirror, field: "\(field).requestMirror")
    case "CORS":
      guard isAllowed(filter, field: field), let cors = body(filter.cors, of: filter, field: field) else { return }
      policy.cors = readCrossOrigin(cors, field: "\(field).cors")
    default: refuse(absent("\(field) (\(filter.type))"))
    }
  }

  /// The member that the type of the filter asks for; one that is missing, or cannot be read, is told of.
  private mutating func body<Body>(_ body: Body?, of filter: HTTPRouteFilter, field: String) -> Body? {
    let member = filter.members.first { $0.type == filter.type }
    if body == nil, let member, member.unreadable == nil {
      refuse("\(field) is a \(filter.type) without \(member.name): add it, or remove the filter")
    }
    return body
  }

  /// Members of other types would be left out without a word.
  private mutating func refuseStrayMembers(of filter: HTTPRouteFilter, field: String) {
    for member in filter.members where member.isThere {
      if let unreadable = member.unreadable {
        refuse(unreadable, field: "\(field).\(member.name)")
      } else if member.type != filter.type {
        refuse("\(field).\(member.name) is not of a \(filter.type): remove it, or make it a filter of its own")
      }
    }
  }

  private mutating func isAllowed(_ filter: HTTPRouteFilter, field: String) -> Bool {
    if owner == .rule { return true }
    refuse("\(field) (\(filter.type)) is not served for one backend alone: put it into the filters of the rule")
    return false
  }

  /// The types of Gateway API that we serve nowhere.
  private static let absentTypes = ["ExternalAuth", "ExtensionRef"]
}

/// One member of a filter, beside its type.
private struct FilterMember {
  let name: String
  let type: String
  let isThere: Bool
  let unreadable: UnreadableMember?

  init<Body>(_ name: String, of type: String, _ body: Body?, _ unreadable: UnreadableMember?) {
    self.name = name
    self.type = type
    self.isThere = body != nil || unreadable != nil
    self.unreadable = unreadable
  }
}

extension HTTPRouteFilter {
  fileprivate var members: [FilterMember] {
    [
      FilterMember(
        "requestHeaderModifier", of: "RequestHeaderModifier", requestHeaderModifier, $requestHeaderModifier),
      FilterMember(
        "responseHeaderModifier", of: "ResponseHeaderModifier", responseHeaderModifier, $responseHeaderModifier),
      FilterMember("requestRedirect", of: "RequestRedirect", requestRedirect, $requestRedirect),
      FilterMember("urlRewrite", of: "URLRewrite", urlRewrite, $urlRewrite),
      FilterMember("requestMirror", of: "RequestMirror", requestMirror, $requestMirror),
      FilterMember("cors", of: "CORS", cors, $cors),
      FilterMember("externalAuth", of: "ExternalAuth", externalAuth, $externalAuth),
      FilterMember("extensionRef", of: "ExtensionRef", extensionRef, $extensionRef),
    ]
  }
}
