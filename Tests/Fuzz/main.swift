// Reads mutated messages with the codec, looks for the model of mutated bodies, or serves mutated connections of HTTP/2: hack/fuzz
// runs it.
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

do {
  let options = try FuzzOptions(CommandLine.arguments.dropFirst())
  CrashReport.install()
  var fuzzer: any Fuzzer =
    switch options.input {
    case .messages: try CodecFuzzer(options)
    case .bodies: try BodyFuzzer(options)
    case .frames: try FrameFuzzer(options)
    }
  exit(fuzzer.runAll() ? 0 : 1)
} catch {
  print("error: \(error)")
  exit(2)
}
