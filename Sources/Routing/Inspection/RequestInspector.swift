/// Looks into a request's body as it arrives, cut anywhere: bytes in, facts out.
///
/// The facts are known as soon as the body's first `model` has come whole. What follows is looked through for a second
/// one, as long as bytes are given: see ``hasSecondModel``.
public struct RequestInspector: Sendable {
  /// What is known so far. `invalid` does not change any more; `known` may still become `invalid`, where what follows
  /// could be read as another model.
  public enum State: Sendable, Equatable {
    /// More bytes, or ``RequestInspector/finish()``, will tell.
    case needMore
    /// The request can be decided.
    case known(BodyFacts)
    /// The body is not what the client says it is; the message says where, and what to do.
    case invalid(message: String)
    /// What comes out of the compressed body is more than may; the message says what may.
    case tooLarge(message: String)
  }

  /// The body names a model twice, perhaps once in another letter case: which of the two the endpoint would take is not
  /// known.
  public private(set) var hasSecondModel = false
  private var scanner: ModelNameScanner?
  private var rest: SecondModelScanner?
  /// What looks into forms and compressed bodies: an array of at most one, so that other requests do not carry it about.
  private var special: [SpecialInspection] = []
  private var facts: BodyFacts?
  private var fault: String?
  private var isTooLarge = false
  private var receivedBytes = 0
  private var neededBytes = 0
  private let isStrict: Bool

  /// An inspector at the beginning of a body.
  ///
  /// - Parameters:
  ///   - need: what the rules ask of the body.
  ///   - inspection: what its head allows; with `none`, the facts are that nothing is known.
  ///   - maximumBytes: how many bytes may come out of a compressed body.
  public init(need: BodyNeed, inspection: BodyInspection, maximumBytes: Int = 64 << 20) {
    switch (need, inspection) {
    case (.none, _), (_, .none):
      isStrict = false
      facts = BodyFacts()
      return
    case (_, .strict), (_, .lenient):
      if case .strict = inspection { isStrict = true } else { isStrict = false }
      scanner = ModelNameScanner()
    case (_, .form(let boundary)):
      isStrict = true
      special.append(SpecialInspection(form: MultipartScanner(boundary: boundary)))
    case (_, .coded(let coding, let inspection)):
      isStrict = true
      let inner = RequestInspector(need: need, inspection: inspection)
      special.append(SpecialInspection(coded: CodedInspection(coding, maximumBytes: maximumBytes, inner: inner)))
      // The inner one counts what came out.
      return
    case (_, .invalid(let message)):
      isStrict = true
      fault = message
    }
    if case .prefix(let maximumBytes) = need { neededBytes = maximumBytes }
  }

  /// What is known so far.
  public var state: State {
    if let fault { return isTooLarge ? .tooLarge(message: fault) : .invalid(message: fault) }
    guard let facts, receivedBytes >= neededBytes else { return .needMore }
    return .known(facts)
  }

  /// Whether nothing is known that forbids to serve the request.
  public var isSound: Bool { !hasSecondModel && fault == nil }

  /// Takes the next bytes of the body.
  public mutating func take(_ bytes: UnsafeRawBufferPointer) {
    let start = receivedBytes
    receivedBytes += bytes.count
    if rest != nil { return lookForSecondModel(bytes) }
    if !special.isEmpty { return takeSpecial(bytes) }
    guard facts == nil, fault == nil, let result = scanner?.scan(bytes) else { return }
    conclude(result)
    guard let end = facts?.modelRange?.upperBound else { return }
    rest = SecondModelScanner()
    // The scanner stops in the bytes in which the name ends.
    lookForSecondModel(UnsafeRawBufferPointer(rebasing: bytes[(end - start)...]))
  }

  /// The body has ended: what has not been found is not there.
  public mutating func finish() {
    neededBytes = 0
    if receivedBytes > 0, !special.isEmpty { return finishSpecial() }
    guard facts == nil, fault == nil else { return }
    guard receivedBytes > 0, let result = scanner?.finish() else {
      facts = BodyFacts()
      return
    }
    conclude(result)
  }

  private mutating func lookForSecondModel(_ bytes: UnsafeRawBufferPointer) {
    if rest?.scan(bytes) ?? false { hasSecondModel = true }
  }

  private mutating func conclude(_ result: ModelNameScanner.Result) {
    switch result {
    case .needMore: break
    case .found(let name, let range):
      facts = BodyFacts(model: name, modelRange: range)
      hasSecondModel = scanner?.hasOtherCase ?? false
    case .absent: facts = BodyFacts()
    case .notAString(let range):
      refuse(
        "The value of \"model\" at byte \(range.lowerBound) of the request body is not a string. "
          + "Write the model's name as a JSON string.")
    case .malformed(let offset, let reason):
      refuse("The request body is not valid JSON at byte \(offset): \(reason). Send one JSON object.")
    }
  }

  /// The body is not what it was looked into for.
  private mutating func refuse(_ message: @autoclosure () -> String) {
    if isStrict { fault = message() } else { facts = BodyFacts() }
  }
}

// MARK: forms and compressed bodies

extension RequestInspector {
  /// The bytes that replace ``BodyFacts/modelRange`` to name another model.
  public func rewritten(_ name: String) -> [UInt8] {
    guard let special = special.first else { return ModelNameScanner.rewritten(name) }
    return special.coded?.inner[0].rewritten(name) ?? Array(name.utf8)
  }

  /// A decoder at the beginning of the body, where it is compressed: ``BodyFacts/modelRange`` is then of what comes out.
  public var decoder: ContentDecoder? { special.first?.coded?.fresh }

  /// From now on what comes out of a compressed body is kept, for ``takeDecoded()``.
  public mutating func keepDecoded() {
    if !special.isEmpty { special[0].coded?.kept = [] }
  }

  /// What came out of a compressed body since it was asked last; `nil` where nothing is kept.
  public mutating func takeDecoded() -> [UInt8]? {
    special.isEmpty ? nil : special[0].coded?.takeKept()
  }

  private mutating func takeSpecial(_ bytes: UnsafeRawBufferPointer) {
    guard isSound else { return }
    if let result = special[0].form?.scan(bytes) { conclude(result) }
    special[0].coded?.take(bytes)
    concludeCoded()
  }

  private mutating func finishSpecial() {
    guard isSound else { return }
    if let result = special[0].form?.finish() { conclude(result) }
    special[0].coded?.finish()
    concludeCoded()
  }

  private mutating func conclude(_ result: MultipartScanner.Result) {
    switch result {
    case .needMore: break
    case .found(let name, let range): facts = facts ?? BodyFacts(model: name, modelRange: range)
    case .absent: facts = BodyFacts()
    case .malformed(let offset, let reason):
      refuse(
        "The request body is not a valid form (multipart/form-data) at byte \(offset): \(reason). "
          + "Send a form as clients of HTTP make it.")
    }
    hasSecondModel = special[0].form?.hasSecondModel ?? false
  }

  private mutating func concludeCoded() {
    guard let coded = special[0].coded else { return }
    // What is wrong with what came out came before what is wrong with the coding.
    hasSecondModel = coded.inner[0].hasSecondModel
    if hasSecondModel { return }
    switch coded.inner[0].state {
    case .needMore: break
    case .known(let found): facts = facts ?? found
    case .invalid(let message), .tooLarge(let message): return refuse(message)
    }
    switch coded.decoder.fault {
    case nil: break
    case .malformed(let offset, let reason):
      refuse(
        "The request body is not valid \(coded.coding.rawValue) at byte \(offset): \(reason). "
          + "Send it as its Content-Encoding says, or uncompressed.")
    case .tooLarge:
      isTooLarge = true
      refuse(
        "The request body becomes more than \(coded.maximumBytes) bytes when it is decoded, or more than "
          + "\(ContentDecoder.maximumRatio) times what was sent. Send a shorter prompt.")
    }
  }
}
