package import TestSupport

/// Connections of HTTP/2 that are nearly right, to the gateway and from endpoints, cut anywhere, while endpoints answer, peers stop
/// reading, and time passes.
package struct EdgeRun {
  /// What runs are made of.
  package struct Corpus {
    /// The frames of clients, behind the preface.
    package var clients: [[RawFrame]]
    /// The frames of endpoints, which begin with SETTINGS.
    package var endpoints: [[RawFrame]]
    /// Responses of HTTP/1.
    package var responses: [[UInt8]]

    package init(clients: [[UInt8]], endpoints: [[UInt8]], responses: [[UInt8]]) {
      self.clients = clients.map { RawFrame.read($0[...]).frames }
      self.endpoints = endpoints.map { RawFrame.read($0[...]).frames }
      self.responses = responses
    }
  }

  /// What all runs came to.
  package struct Counts {
    package var answered = 0
    package var reset = 0
    package var ended = 0
    package var overHTTP1 = 0
  }

  /// An endpoint sends no more at once, with what that may be joined with.
  static let largestAnswer = 86 << 10

  private let corpus: Corpus
  private var mutator = FrameMutator(SeededGenerator(0))
  /// What the client sends.
  package private(set) var input: [UInt8] = []
  package private(set) var counts = Counts()
  private var unsent: ArraySlice<UInt8> = []
  private var largestPiece = 1

  package init(_ corpus: Corpus) { self.corpus = corpus }

  /// One run; says what was wrong.
  package mutating func run(_ draws: SeededGenerator) throws -> String? {
    mutator = FrameMutator(draws)
    let speaksHTTP2 = mutator.below(8) < 5
    makeInput(speaksHTTP2)
    var endpointInputs = (0..<3).map { _ in endpointInput(mutated: !speaksHTTP2 || mutator.below(4) == 0) }
    let isIntact = input.starts(with: RawFrame.preface)
    let rig = try EdgeRig(isJudged: isIntact) { endpoint in
      if endpoint.isHTTP2, let first = endpointInputs.popLast() { endpoint.sends = first[...] }
    }
    var steps = 0
    while steps < 400, rig.isOpen, !unsent.isEmpty || steps % 16 != 0 {
      steps += 1
      try step(rig)
      if let found = rig.excess ?? rig.judge.fault { return found }
    }
    if mutator.below(2) == 0 { try finish(rig) }
    if let found = rig.excess ?? rig.end() ?? weigh(rig, isIntact) { return found }
    note(rig, speaksHTTP2)
    return nil
  }

  private mutating func makeInput(_ speaksHTTP2: Bool) {
    input.removeAll(keepingCapacity: true)
    if speaksHTTP2 {
      mutator.make(from: corpus.clients)
      input += RawFrame.preface + mutator.bytes
      if mutator.below(40) == 0 { input[mutator.below(24)] ^= 1 << UInt8(mutator.below(8)) }
    } else {
      for _ in 0...mutator.below(3) { input += Self.requests[mutator.below(Self.requests.count)] }
    }
    unsent = input[...]
    largestPiece = max([1, 9, 60, 2000, 100_000][mutator.below(5)], input.count / 64)
  }

  private mutating func endpointInput(mutated: Bool) -> [UInt8] {
    if mutated {
      mutator.make(from: corpus.endpoints)
      return mutator.bytes
    }
    var bytes: [UInt8] = []
    for frame in corpus.endpoints[mutator.below(corpus.endpoints.count)] { frame.write(to: &bytes) }
    return bytes
  }

  private mutating func step(_ rig: EdgeRig) throws {
    switch mutator.below(32) {
    case 0..<14: send(rig)
    case 14..<26: try answer(rig)
    case 26: rig.setClientBlocked(mutator.below(2) == 0)
    case 27: if let endpoint = anEndpoint(rig) { rig.setBlocked(mutator.below(2) == 0, endpoint) }
    case 28: rig.wait(seconds: [0, 1, 2, 100][mutator.below(4)])
    case 29: if let endpoint = anEndpoint(rig), mutator.below(4) == 0 { rig.close(endpoint) }
    case 30: if mutator.below(16) == 0 { rig.drain() }
    default: send(rig)
    }
  }

  private mutating func send(_ rig: EdgeRig) {
    guard !unsent.isEmpty else { return }
    var pieces: [ArraySlice<UInt8>] = []
    var rest = unsent
    for _ in 0...mutator.below(3) where !rest.isEmpty {
      pieces.append(rest.prefix(1 + mutator.below(largestPiece)))
      rest = rest.dropFirst(pieces[pieces.count - 1].count)
    }
    if rig.send(pieces) { unsent = rest }
  }

  private mutating func anEndpoint(_ rig: EdgeRig) -> EdgeRig.Endpoint? {
    rig.endpoints.isEmpty ? nil : rig.endpoints[mutator.below(rig.endpoints.count)]
  }

  private mutating func answer(_ rig: EdgeRig) throws {
    guard let endpoint = anEndpoint(rig) else { return }
    try endpoint.look()
    if endpoint.isHTTP2 {
      // The settings first: what answers before it was asked is refused, and soon all runs would end so.
      guard endpoint.hasSpoken else { return rig.answer(endpoint, RawFrame.length(of: endpoint.sends)) }
      guard endpoint.isAsked || mutator.below(16) == 0 else { return }
    } else if endpoint.sends.isEmpty {
      guard endpoint.isAsked || mutator.below(64) == 0 else { return }
      endpoint.isAsked = false
      endpoint.sends = corpus.responses[mutator.below(corpus.responses.count)][...]
      if mutator.below(8) == 0 { endpoint.sends = Self.longResponse[...] }
    }
    rig.answer(endpoint, 1 + mutator.below(mutator.below(4) == 0 ? 20 : Self.largestAnswer - (16 << 10)))
  }

  /// All that is asked is answered, and taken.
  private mutating func finish(_ rig: EdgeRig) throws {
    rig.setClientBlocked(false)
    for _ in 0..<12 {
      for endpoint in rig.endpoints { rig.setBlocked(false, endpoint) }
      send(rig)
      for _ in rig.endpoints.indices { try answer(rig) }
    }
  }

  /// Whether more was sent than what was sent to the gateway allows for.
  private func weigh(_ rig: EdgeRig, _ isIntact: Bool) -> String? {
    guard isIntact else { return nil }
    let frames = RawFrame.read(input.dropFirst(RawFrame.preface.count)).frames
    let window = frames.filter { $0.kind == RawFrame.windowUpdate && $0.stream & 0x7FFF_FFFF == 0 }
      .reduce(65_535) { $0 + Int($1.payload.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF) }
    let judge = rig.judge
    if judge.dataBytes > window { return "\(judge.dataBytes) bytes of bodies in a window of \(window)" }
    if judge.pongs > input.count / 17 { return "\(judge.pongs) answers to PING" }
    if judge.settingsAcks > input.count / 9 { return "\(judge.settingsAcks) acknowledgements of SETTINGS" }
    return nil
  }

  private mutating func note(_ rig: EdgeRig, _ speaksHTTP2: Bool) {
    if !speaksHTTP2 { return counts.overHTTP1 += 1 }
    counts.answered += rig.judge.answers.values.count { $0.hasEnded }
    counts.reset += rig.judge.answers.values.count { $0.reset != nil }
    counts.ended += rig.judge.goAways.contains { $0 != 0 } ? 1 : 0
  }

  /// Requests of a client of HTTP/1 to endpoints that speak HTTP/2.
  private static let requests = [
    "GET \(EdgeRig.prefixes.http2) HTTP/1.1\r\nhost: x\r\n\r\n",
    "HEAD \(EdgeRig.prefixes.http2) HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST \(EdgeRig.prefixes.http2)/v1/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
      + "content-length: 17\r\n\r\n{\"model\":\"alias\"}",
    "POST \(EdgeRig.prefixes.http2) HTTP/1.1\r\nhost: x\r\nte: trailers\r\ntransfer-encoding: chunked\r\n\r\n"
      + "2\r\n{}\r\n0\r\nx-sum: 1\r\n\r\n",
    "POST \(EdgeRig.prefixes.http2) HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"
      + String(repeating: " ", count: 100_000),
  ].map { Array($0.utf8) }

  private static let longResponse = Array(
    ("HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + String(repeating: "x", count: 300_000)).utf8)
}
