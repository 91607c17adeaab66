/// What a model is computed on, as its data sheet says.
public struct Accelerator: Sendable, Equatable {
  /// The short name people use.
  public var name: String
  /// Floating-point operations a second in 16 bit, without sparsity.
  public var flops: Double
  /// Bytes a second between memory and cores.
  public var bandwidth: Double
  /// Bytes of memory.
  public var memory: Double

  /// Creates an accelerator.
  public init(name: String, flops: Double, bandwidth: Double, memory: Double) {
    self.name = name
    self.flops = flops
    self.bandwidth = bandwidth
    self.memory = memory
  }

  /// Accelerators known by name, fastest first.
  public static let known = [
    Accelerator(name: "B200", flops: 2250e12, bandwidth: 8e12, memory: 180e9),
    Accelerator(name: "H200", flops: 989e12, bandwidth: 4.8e12, memory: 141e9),
    Accelerator(name: "H100", flops: 989e12, bandwidth: 3.35e12, memory: 80e9),
    Accelerator(name: "A100", flops: 312e12, bandwidth: 2.04e12, memory: 80e9),
    Accelerator(name: "L40S", flops: 362e12, bandwidth: 0.864e12, memory: 48e9),
    Accelerator(name: "A10G", flops: 125e12, bandwidth: 0.6e12, memory: 24e9),
    l4,
    Accelerator(name: "T4", flops: 65e12, bandwidth: 0.32e12, memory: 16e9),
    Accelerator(name: "CPU", flops: 15e12, bandwidth: 0.25e12, memory: 64e9),
  ]

  /// A small accelerator of the cloud: what an engine has that is told nothing else.
  public static let l4 = Accelerator(name: "L4", flops: 121e12, bandwidth: 0.3e12, memory: 24e9)

  /// The known accelerator that a text names: a short name, or a node label such as `nvidia-h100-80gb`, `NVIDIA-L4` or
  /// `nvidia-tesla-t4`; `nil` when it names none.
  public static func named(_ text: String) -> Accelerator? {
    let words = text.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    return known.first { accelerator in
      words.contains { $0 == accelerator.name || $0.hasPrefix(accelerator.name + "X") }
    }
  }
}
