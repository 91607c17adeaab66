import ModelEngine

/// The text a sequence will generate: a pure function of its key, so the same key gives the same answer always.
struct TokenSource: Sendable, Equatable {
  /// Mixed from the server's seed, the adapter, the prompt, and for temperatures above 0 the request's own randomness.
  var key: UInt64

  /// Number of tokens after which the model ends by itself, at the end of a sentence; the end token is the last one
  /// counted.
  var naturalLength: Int { Self.sentence.count * Int(3 + StableHash.mix(key, 0xe05) % 26) + 1 }

  /// Text of the token at a position: plain sentences of the shape "The bright engine waits near a silent harbor."
  func text(at index: Int) -> String {
    let word = Self.sentence[index % Self.sentence.count]
    return word[Int(StableHash.mix(key, UInt64(index)) % UInt64(word.count))]
  }

  private static let nouns = [
    " sky", " sea", " engine", " harbor", " signal", " train", " garden", " letter", " window", " river", " model",
    " cloud", " bridge", " lantern", " market", " valley", " teacher", " machine", " story", " answer", " color",
    " morning", " forest", " switch", " track", " station", " wagon", " yard",
  ]
  private static let adjectives = [
    " bright", " silent", " blue", " quick", " old", " gentle", " distant", " narrow", " warm", " clear", " small",
    " patient", " green", " steady", " hollow", " early", " open", " careful",
  ]
  private static let sentence: [[String]] = [
    [" The", " A", " This", " That", " Every", " One", " Our"], adjectives, nouns,
    [" waits", " rests", " shines", " turns", " moves", " sings", " stands", " grows", " drifts", " begins"],
    [" near", " under", " beyond", " with", " above", " behind", " beside", " before"],
    [" the", " a", " this", " every", " another"], adjectives, nouns, ["."],
  ]
}
