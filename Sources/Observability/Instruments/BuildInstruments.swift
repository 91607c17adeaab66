/// Which build this is.
public enum BuildInstruments {
  /// The version of the program.
  public static let version = "0.2.0-dev"

  /// Declares the instruments in a registry, each with the one sample it ever has.
  public static func register(in registry: MetricsRegistry) {
    registry.gauge(
      "switchyard_build_info", help: "The build, always 1: version, and the compiler's language version.",
      labels: ["version", "swift"]
    ).set(1, [version, swift])
    registry.gauge(
      ["llm_d_epp_info", "inference_extension_info"], help: "The build, always 1.", labels: ["commit", "build_ref"]
    ).set(1, ["", version])
  }

  /// The compiler, as far as the language lets a program know it.
  private static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
