/// What looks into a body that is no plain JSON: one of the two.
struct SpecialInspection: Sendable {
  var form: MultipartScanner?
  var coded: CodedInspection?
}

/// Decodes a body, and looks into what comes out.
struct CodedInspection: Sendable {
  let coding: ContentCoding
  let maximumBytes: Int
  var decoder: ContentDecoder
  /// The inspector of what comes out: one.
  var inner: [RequestInspector]
  /// What came out and was not taken yet; `nil` while nobody wants it.
  var kept: [UInt8]?

  init(_ coding: ContentCoding, maximumBytes: Int, inner: RequestInspector) {
    (self.coding, self.maximumBytes) = (coding, maximumBytes)
    decoder = ContentDecoder(coding, maximumBytes: maximumBytes)
    self.inner = [inner]
  }

  /// A decoder at the beginning of the body.
  var fresh: ContentDecoder { ContentDecoder(coding, maximumBytes: maximumBytes) }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    decoder.decode(bytes) { decoded in
      inner[0].take(decoded)
      kept?.append(contentsOf: decoded)
    }
  }

  mutating func finish() {
    decoder.finish()
    if decoder.fault == nil { inner[0].finish() }
  }

  mutating func takeKept() -> [UInt8]? {
    guard let taken = kept else { return nil }
    kept = []
    return taken
  }
}
