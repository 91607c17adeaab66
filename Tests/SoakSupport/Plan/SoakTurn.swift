import TestSupport

/// What a client does on its connection at once: mostly one request, with the manner of sending it.
package struct SoakTurn: Sendable {
  /// How a client sends.
  package enum Manner: CaseIterable, Sendable {
    case whole
    /// Cut anywhere.
    case pieces
    /// With pauses.
    case slow
    /// Asks before it sends the body.
    case asking
    /// Several requests in one go.
    case pipelined
    /// Reads its response late.
    case lazyReader
    /// Leaves in the middle.
    case aborted
    /// Sends what can be read in two ways.
    case misframed
    /// Sends half of the body, and no more.
    case stops

    var weight: Int {
      switch self {
      case .whole: 6500
      case .pipelined: 1000
      case .pieces: 900
      case .aborted: 500
      case .asking: 400
      case .slow, .misframed: 300
      case .lazyReader: 100
      case .stops: 3
      }
    }
  }

  /// The most requests of a turn: numbers of requests go in steps of this.
  static let most = 4

  let number: Int
  let manner: Manner
  let requests: [SoakRequest]
  /// Draws of its own for the script.
  let generator: SeededGenerator

  /// The turn of this number. The first ones try each form with each fate, the others are drawn.
  package init(_ number: Int, seed: UInt64) {
    self.number = number
    var generator = SeededGenerator(seed &* 0x1_0000_0001_B3 ^ UInt64(number))
    var manner = Self.draw(using: &generator)
    let forms = SoakRequest.Form.allCases
    var (form, fate): (SoakRequest.Form?, Fate?)
    if number < forms.count * Fate.allCases.count {
      (form, fate) = (forms[number % forms.count], Fate.allCases[number / forms.count])
      manner = .whole
    }
    switch manner {
    case .asking, .misframed, .stops: form = [.post, .chunked, .rewritten, .raw].randomElement(using: &generator)
    default: break
    }
    let pool = Self.pool(manner, form: form, using: &generator)
    let count = manner == .pipelined ? Int.random(in: 2...Self.most, using: &generator) : 1
    requests = (0..<count).map { place in
      var request = SoakRequest(
        id: number * Self.most + place, pool: pool, form: form, fate: fate, using: &generator)
      // Nobody answers such a request but the gateway.
      if manner == .misframed || manner == .stops { request.fates = Array(repeating: .fine, count: 4) }
      return request
    }
    self.manner = manner
    self.generator = generator
  }

  /// The request of a number, as a server looks it up.
  static func request(_ id: Int, seed: UInt64) -> SoakRequest? {
    let turn = SoakTurn(id / most, seed: seed)
    return id % most < turn.requests.count ? turn.requests[id % most] : nil
  }

  private static func pool(
    _ manner: Manner, form: SoakRequest.Form?, using generator: inout some RandomNumberGenerator
  ) -> SoakRequest.Pool {
    if manner == .aborted { return .abort }
    guard form == nil else { return .main }
    let number = Int.random(in: 0..<100, using: &generator)
    return number < 8 ? .flaky : number < 13 ? .doomed : .main
  }

  private static func draw(using generator: inout some RandomNumberGenerator) -> Manner {
    var left = Int.random(in: 0..<Manner.allCases.reduce(0) { $0 + $1.weight }, using: &generator)
    for manner in Manner.allCases {
      left -= manner.weight
      if left < 0 { return manner }
    }
    return .whole
  }
}
