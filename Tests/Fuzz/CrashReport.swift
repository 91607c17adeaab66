#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Says which run it was when a run ends the process.
enum CrashReport {
  /// The run that goes on. Safe: the program has one thread. It writes a whole integer, and only its own signal handler, which
  /// interrupts it and never returns, reads that besides.
  nonisolated(unsafe) static var run = 0

  /// Begins to watch.
  static func install() {
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT] {
      signal(number) { number in
        CrashReport.write("crash: signal ", Int(number))
        CrashReport.write(" in run ", CrashReport.run)
        CrashReport.write("; again with --runs 1 --start ", CrashReport.run)
        _exit(3)
      }
    }
  }

  /// Only what a signal handler may do.
  private static func write(_ text: StaticString, _ number: Int) {
    _ = unistdWrite(2, text.utf8Start, text.utf8CodeUnitCount)
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      var digit = UInt8(0x30 + number / divisor % 10)
      _ = unistdWrite(2, &digit, 1)
      divisor /= 10
    }
    var end = UInt8(0x0A)
    if number == run { _ = unistdWrite(2, &end, 1) }
  }
}

#if canImport(Glibc)
  private func unistdWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    Glibc.write(file, bytes, count)
  }
#else
  private func unistdWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    Darwin.write(file, bytes, count)
  }
#endif
