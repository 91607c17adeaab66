import JSONText

/// The OpenAPI v2 document: a valid one that describes nothing.
///
/// kubectl asks for it when it finds a kind nowhere else, to say that there is no such kind; without an answer it would
/// report a broken server instead.
enum OpenAPIVersion2 {
  private static let title = "Kubernetes"
  private static let version = "1.36"

  /// In protobuf where the client names it, in JSON otherwise.
  static func response(accept: String) -> APIResponse {
    let isProtobuf = accept.contains("application/com.github.proto-openapi.spec.v2")
    let bytes = isProtobuf ? protobuf : JSONWriter.bytes(of: json)
    let type = isProtobuf ? "application/com.github.proto-openapi.spec.v2.v1.0+protobuf" : "application/json"
    return APIResponse(
      status: 200,
      headers: [
        ("Cache-Control", "no-cache, private"), ("Content-Type", type),
        ("Etag", "\"\(Fingerprint.of(bytes))\""), ("Vary", "Accept"),
      ], body: .bytes(bytes))
  }

  private static let json: JSONValue = [
    "swagger": "2.0", "info": ["title": .string(title), "version": .string(version)], "paths": [:], "definitions": [:],
  ]

  /// `openapi.v2.Document`: swagger 1, info 2 (title 1, version 2), paths 8, definitions 9.
  ///
  /// Source: <https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto>
  private static let protobuf: [UInt8] =
    field(1, Array("2.0".utf8)) + field(2, field(1, Array(title.utf8)) + field(2, Array(version.utf8)))
    + field(8, []) + field(9, [])

  /// A length-delimited field; all of these are shorter than 128 bytes.
  private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(content.count)] + content
  }
}
