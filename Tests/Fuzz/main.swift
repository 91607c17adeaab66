// Reads mutated messages with the codec, whole and cut, and some of them with the reference: hack/fuzz runs it.
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

do {
  let options = try FuzzOptions(CommandLine.arguments.dropFirst())
  var fuzzer = try CodecFuzzer(options)
  CrashReport.install()
  exit(fuzzer.run() ? 0 : 1)
} catch {
  print("error: \(error)")
  exit(2)
}
