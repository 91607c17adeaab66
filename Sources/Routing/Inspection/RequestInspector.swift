/// Looks into a request's body as it arrives, cut anywhere: bytes in, facts out.
///
/// The facts are known as soon as the body's first `model` has come whole. What follows is looked through for a second
/// one, as long as bytes are given: see ``hasSecondModel``.
public struct RequestInspector: Sendable {
  /// What is known so far. `known` and `invalid` do not change any more.
  public enum State: Sendable, Equatable {
    /// More bytes, or ``RequestInspector/finish()``, will tell.
    case needMore
    /// The request can be decided.
    case known(BodyFacts)
    /// The client says that the body is JSON and it is not; the message says where, and what to do.
    case invalid(message: String)
  }

  /// The body names a model twice, perhaps once in another letter case: which of the two the endpoint would take is not
  /// known.
  public private(set) var hasSecondModel = false
  private var scanner: ModelNameScanner?
  private var rest: SecondModelScanner?
  private var facts: BodyFacts?
  private var fault: String?
  private var receivedBytes = 0
  private var neededBytes = 0
  private let isStrict: Bool

  /// An inspector at the beginning of a body.
  ///
  /// - Parameters:
  ///   - need: what the rules ask of the body.
  ///   - inspection: what its head allows; with `none`, the facts are that nothing is known.
  public init(need: BodyNeed, inspection: BodyInspection) {
    isStrict = inspection == .strict
    guard need != .none, inspection != .none else {
      facts = BodyFacts()
      return
    }
    scanner = ModelNameScanner()
    if case .prefix(let maximumBytes) = need { neededBytes = maximumBytes }
  }

  /// What is known so far.
  public var state: State {
    if let fault { return .invalid(message: fault) }
    guard let facts, receivedBytes >= neededBytes else { return .needMore }
    return .known(facts)
  }

  /// Takes the next bytes of the body.
  public mutating func take(_ bytes: UnsafeRawBufferPointer) {
    let start = receivedBytes
    receivedBytes += bytes.count
    if rest != nil { return lookForSecondModel(bytes) }
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
