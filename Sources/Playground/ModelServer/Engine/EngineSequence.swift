/// A sequence inside the engine: what it has, what it holds, and when it reached what.
struct EngineSequence: Sendable {
  let request: EngineRequest
  /// Prompt and generated tokens.
  var tokens: [TokenID]
  /// Tokens whose keys and values are in the cache.
  var computed = 0
  /// Hashes of the full blocks of `tokens`, each one over the whole prefix.
  var chain: [UInt64] = []
  /// Blocks held: shared ones by hash, and a number of private ones.
  var sharedBlocks: [UInt64] = []
  var privateBlocks = 0
  var matcher: StopMatcher
  let arrival: Duration
  var scheduled: Duration?
  var firstToken: Duration?
  var lastToken: Duration?
  var cachedTokens = 0
  var preemptions = 0

  var generated: Int { tokens.count - request.prompt.count }
  var heldBlocks: Int { sharedBlocks.count + privateBlocks }

  init(request: EngineRequest, blockSize: Int, arrival: Duration) {
    self.request = request
    self.arrival = arrival
    tokens = request.prompt
    matcher = StopMatcher(stops: request.stop, keepsStop: request.includesStop)
    extendChain(blockSize: blockSize)
  }

  /// Hashes blocks that have become full. Adapters change keys and values, so they are part of the hash.
  mutating func extendChain(blockSize: Int) {
    while (chain.count + 1) * blockSize <= tokens.count {
      let start = chain.count * blockSize
      var hash = chain.last ?? StableHash.bytes((request.adapter ?? "").utf8)
      for token in tokens[start..<start + blockSize] { hash = StableHash.mix(hash, UInt64(token)) }
      chain.append(hash)
    }
  }
}
