/// A client's question which models there are: `GET /v1/models`, or about one of them, `GET /v1/models/{id}`.
///
/// Source: OpenAI API reference, "Models".
struct ModelQuestion: Equatable {
  /// What stands before `/v1/models`, for clients whose base URL has a path.
  let base: String
  /// The model that is asked about; `nil` for all.
  let model: String?

  /// `nil` for a request that asks nothing of the kind.
  init?(_ head: RequestHead) {
    guard head.isMethod("GET") || head.isMethod("HEAD") else { return nil }
    let path = head.path.range
    let question = head.block.withBytes(path) { Self.read($0) }
    guard let question else { return nil }
    (base, model) = question
  }

  /// What the path of each has.
  static let page = "/v1/models"

  private static func read(_ path: UnsafeRawBufferPointer) -> (base: String, model: String?)? {
    let length = page.utf8.count
    guard path.count >= length else { return nil }
    for start in 0...(path.count - length) where path[start] == UInt8(ascii: "/") {
      let rest = UnsafeRawBufferPointer(rebasing: path[start...])
      guard ExactBytes.hasPrefix(rest, page.utf8) else { continue }
      guard rest.count == length || rest[length] == UInt8(ascii: "/") else { continue }
      let name = HeadModel.decoded(UnsafeRawBufferPointer(rebasing: rest[min(length + 1, rest.count)...]))
      let base = String(decoding: path[..<start], as: UTF8.self)
      return (base, name.isEmpty ? nil : String(decoding: name, as: UTF8.self))
    }
    return nil
  }
}
