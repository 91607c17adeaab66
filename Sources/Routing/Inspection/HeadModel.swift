/// The model that a request's head names, for requests whose body names none: in its path, else in its query.
///
/// A path names one behind `/v1/models/` or `/v2/models/` (any version: OpenAI, KServe, TensorFlow Serving), and behind
/// `/openai/deployments/` (Azure), wherever in the path that stands. A query names one as `model`.
/// Sources: KServe, "Open Inference Protocol (V2)" and "V1"; Azure OpenAI REST API reference; OpenAI, "Realtime".
public struct HeadModel: Sendable, Equatable {
  /// The name, its percent-encoding decoded.
  public var name: String
  /// The bytes of the encoded name in the head's block.
  var place: Range<Int>

  /// The model of a head; `nil` where it names none.
  ///
  /// - Throws: where the query names several: which of them the endpoint would take is not known.
  public static func find(_ head: RequestHead) throws(GatewayError) -> HeadModel? {
    if let model = inPath(head) { return model }
    guard let query = head.query?.range else { return nil }
    let (first, hasSecond) = head.block.withBytes(query) { bytes in
      let parameters = QueryParameters(bytes)
      guard let first = parameters.place(of: "model") else { return (HeadModel?.none, false) }
      let text = QueryParameters.EncodedText(bytes: UnsafeRawBufferPointer(rebasing: bytes[first]))
      return (
        HeadModel(Array(text), at: query.lowerBound + first.lowerBound..<query.lowerBound + first.upperBound),
        parameters.place(of: "model", from: first.upperBound + 1) != nil
      )
    }
    if hasSecond { throw .severalQueryModels }
    return first
  }

  private init?(_ bytes: [UInt8], at place: Range<Int>) {
    guard !bytes.isEmpty, bytes.count <= ModelNameScanner.nameLimit, let name = String(validating: bytes, as: UTF8.self)
    else { return nil }
    (self.name, self.place) = (name, place)
  }
}

// MARK: the path

extension HeadModel {
  /// What KServe and TensorFlow Serving write behind a name, as `/v1/models/NAME:predict`.
  private static let verbs: [StaticString] = [":predict", ":explain", ":classify", ":regress"]

  private static func inPath(_ head: RequestHead) -> HeadModel? {
    let path = head.path.range
    return head.block.withBytes(path) { bytes in
      guard let place = segment(of: bytes) else { return nil }
      let text = UnsafeRawBufferPointer(rebasing: bytes[place])
      return HeadModel(decoded(text), at: path.lowerBound + place.lowerBound..<path.lowerBound + place.upperBound)
    }
  }

  /// Where the first segment stands that names a model, without its verb.
  private static func segment(of path: UnsafeRawBufferPointer) -> Range<Int>? {
    var (before, last) = (0..<0, 0..<0)
    var start = 1
    while start < path.count {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.count
      if announces(part(path, before), part(path, last)) {
        let segment = part(path, start..<end)
        let verb = verbs.first { ASCIIBytes.hasSuffix(segment, $0) }
        return start..<end - (verb?.utf8CodeUnitCount ?? 0)
      }
      (before, last) = (last, start..<end)
      start = end + 1
    }
    return nil
  }

  /// Whether a segment behind these two is the name of a model.
  private static func announces(_ before: UnsafeRawBufferPointer, _ last: UnsafeRawBufferPointer) -> Bool {
    if ExactBytes.isSame(last, "models".utf8) {
      return before.count > 1 && before[0] == UInt8(ascii: "v") && before[1] &- UInt8(ascii: "0") < 10
    }
    return ExactBytes.isSame(last, "deployments".utf8) && ExactBytes.isSame(before, "openai".utf8)
  }

  private static func part(_ path: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: path[range])
  }

  /// In a path `+` is itself.
  static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.count, let high = JSONBytes.hexDigit(text[index + 1]),
        let low = JSONBytes.hexDigit(text[index + 2])
      {
        bytes.append(UInt8(high << 4 | low))
        index += 3
      } else {
        bytes.append(text[index])
        index += 1
      }
    }
    return bytes
  }
}

// MARK: another name

extension RequestHead {
  /// Puts another name in the place of the model that the head names; the rest of it stays as it is.
  public mutating func rewriteModel(to name: String) {
    let model: HeadModel?
    do { model = try HeadModel.find(self) } catch { return }
    guard let place = model?.place else { return }
    if path.range.contains(place) {
      path = replacing(path.range, place, by: name)
    } else if let query {
      self.query = replacing(query.range, place, by: name)
    }
  }

  private mutating func replacing(_ whole: Range<Int>, _ place: Range<Int>, by name: String) -> ByteRange {
    let bytes =
      block.bytes[whole.lowerBound..<place.lowerBound] + Self.percentEncoded(name)
      + block.bytes[place.upperBound..<whole.upperBound]
    return Array(bytes).withUnsafeBytes { block.append($0) }
  }

  /// Source: RFC 3986, section 2.3: what needs no encoding anywhere.
  private static func percentEncoded(_ name: String) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return name.utf8.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        [byte]
      default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
  }
}
