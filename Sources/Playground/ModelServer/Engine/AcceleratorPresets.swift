extension EngineParameters {
  /// Accelerators that have a preset, by the short name people use.
  public static let acceleratorNames = ["B200", "H200", "H100", "A100", "L40S", "L4", "A10G", "T4", "CPU"]

  /// Parameters for an accelerator, found in a short name or in a node label such as `nvidia-h100-80gb`,
  /// `NVIDIA-L4` or `nvidia-tesla-t4`; `nil` when no preset fits.
  ///
  /// The figures stand for a 12-billion-parameter model in 16 bit (8 bit where 24 GB are too small). They are rounded
  /// estimates, meant to keep the ratio between accelerators, not to predict a machine.
  public static func preset(accelerator: String) -> EngineParameters? {
    let words = accelerator.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    for name in acceleratorNames where words.contains(where: { $0 == name || $0.hasPrefix(name + "X") }) {
      return preset(name: name)
    }
    return nil
  }

  private static func preset(name: String) -> EngineParameters? {
    switch name {
    case "B200": make(prefill: 80_000, decode: 190, slowdown: 0.004, batch: 16_384, blocks: 60_000)
    case "H200": make(prefill: 42_000, decode: 150, slowdown: 0.005, batch: 8192, blocks: 45_000)
    case "H100": make(prefill: 40_000, decode: 110, slowdown: 0.006, batch: 8192, blocks: 20_000)
    case "A100": make(prefill: 16_000, decode: 65, slowdown: 0.008, batch: 8192, blocks: 20_000)
    case "L40S": make(prefill: 14_000, decode: 30, slowdown: 0.012, batch: 2048, blocks: 8000)
    case "L4": make(prefill: 4000, decode: 24, slowdown: 0.02, batch: 2048, blocks: 3000)
    case "A10G": make(prefill: 4500, decode: 40, slowdown: 0.02, batch: 2048, blocks: 3000)
    case "T4": make(prefill: 1500, decode: 16, slowdown: 0.03, batch: 2048, blocks: 1200)
    case "CPU": make(prefill: 300, decode: 8, slowdown: 0.15, batch: 2048, blocks: 4096)
    default: nil
    }
  }

  private static func make(
    prefill: Double, decode: Double, slowdown: Double, batch: Int, blocks: Int
  ) -> EngineParameters {
    EngineParameters(
      prefillTokensPerSecond: prefill, decodeTokensPerSecond: decode, decodeSlowdownPerSequence: slowdown,
      maxSequences: batch > 2048 ? 256 : 128, maxBatchedTokens: batch, blockCount: blocks)
  }
}
