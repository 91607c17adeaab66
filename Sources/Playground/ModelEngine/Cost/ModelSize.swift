/// The sizes of a model that decide how fast it is.
public struct ModelSize: Sendable, Equatable {
  /// Weights.
  public var parameters: Double
  /// Transformer layers.
  public var layers: Int
  /// Width of a layer.
  public var hiddenSize: Int
  /// Bytes that a token of context takes in the KV cache.
  public var cacheBytesPerToken: Double

  /// A model with these sizes.
  public init(parameters: Double, layers: Int, hiddenSize: Int, cacheBytesPerToken: Double) {
    self.parameters = parameters
    self.layers = layers
    self.hiddenSize = hiddenSize
    self.cacheBytesPerToken = cacheBytesPerToken
  }

  /// A model of usual shape with so many parameters: layers 128 wide for each of their number, which makes
  /// 12 · 128² · layers³ parameters, and keys and values of a quarter of the width in 16 bit. A model of 12 billion has
  /// 40 layers of 5,120 and 205 KB of cache a token.
  public init(parameters: Double) {
    let layers = (1...1000).first { Double($0 * $0 * $0) * 12 * 128 * 128 >= parameters } ?? 1000
    self.init(
      parameters: parameters, layers: layers, hiddenSize: 128 * layers,
      cacheBytesPerToken: 2 * 2 * Double(layers) * Double(128 * layers) / 4)
  }

  /// A model of 12 billion parameters: what an engine has that is told nothing else.
  public static let twelveBillion = ModelSize(parameters: 12e9)

  /// Bytes for each weight on an accelerator: 2, and 1 where weights of 2 bytes would leave no room for a cache.
  public func bytesPerParameter(on accelerator: Accelerator) -> Double {
    2 * parameters <= 0.8 * accelerator.memory ? 2 : 1
  }

  /// Bytes of all weights on an accelerator.
  public func weightBytes(on accelerator: Accelerator) -> Double {
    parameters * bytesPerParameter(on: accelerator)
  }
}
