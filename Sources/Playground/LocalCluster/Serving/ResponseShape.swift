/// The form in which a client wants objects: whole, as a table for people, or only their metadata.
enum ResponseShape: Sendable, Equatable {
  case object
  case table
  case partialMetadata

  /// Picks the first form of an Accept header that this server can give; JSON is the answer to everything else, since
  /// every Kubernetes client that asks for protobuf names JSON as second choice.
  static func negotiate(_ accept: String) -> ResponseShape {
    for choice in accept.split(separator: ",") {
      let parts = choice.split(separator: ";").map { $0.filter { $0 != " " } }
      guard let type = parts.first, type == "application/json" || type == "*/*" else { continue }
      let parameters = Set(parts.dropFirst())
      guard let shape = parameters.first(where: { $0.hasPrefix("as=") }) else { return .object }
      guard parameters.contains("g=meta.k8s.io"), parameters.contains("v=v1") else { continue }
      switch shape {
      case "as=Table": return .table
      case "as=PartialObjectMetadata", "as=PartialObjectMetadataList": return .partialMetadata
      default: continue
      }
    }
    return .object
  }
}
