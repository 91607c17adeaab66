// Reads mutated messages with the codec, or looks for the model of mutated bodies; whole and cut, and some of them with a
// reference: hack/fuzz runs it.
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

do {
  let options = try FuzzOptions(CommandLine.arguments.dropFirst())
  CrashReport.install()
  if options.readsBodies {
    var fuzzer = try BodyFuzzer(options)
    exit(fuzzer.run() ? 0 : 1)
  }
  var fuzzer = try CodecFuzzer(options)
  exit(fuzzer.run() ? 0 : 1)
} catch {
  print("error: \(error)")
  exit(2)
}
