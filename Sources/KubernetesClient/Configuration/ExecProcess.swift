import Foundation

/// Runs a credential plugin and reads what it writes. Blocks its thread.
enum ExecProcess {
  /// The longest output that is read.
  private static let limit = 1 << 20

  /// The program's output. What it writes to its standard error goes to ours. Throws `ConfigurationError`.
  static func output(of plugin: ExecPlugin, within time: Duration) throws -> [UInt8] {
    let ours = ProcessInfo.processInfo.environment
    guard let path = path(of: plugin.command, in: ours["PATH"] ?? "") else {
      let hint = plugin.installHint.map { ". \($0)" } ?? ": install it, or name it by its whole path"
      throw ConfigurationError("exec: there is no program \(plugin.command)\(hint)")
    }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = plugin.arguments
    process.environment = ours.merging(plugin.environment) { _, theirs in theirs }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    do {
      try process.run()
    } catch {
      throw ConfigurationError("exec: \(path) cannot be run: is it an executable file?")
    }
    let end = ContinuousClock.now + time
    let output = read(pipe.fileHandleForReading.fileDescriptor, until: end)
    while output != nil, process.isRunning, ContinuousClock.now < end { usleep(2000) }
    guard let output, !process.isRunning else {
      // It may not listen to anything milder.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      throw ConfigurationError("exec: \(plugin.command) did not end within \(time), or wrote more than \(limit) bytes")
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw ConfigurationError(
        "exec: \(plugin.command) failed with status \(process.terminationStatus); what it wrote is in our standard error"
      )
    }
    return output
  }

  /// Where a program is: itself if it has a slash, else the first of the folders that has it.
  private static func path(of command: String, in folders: String) -> String? {
    if command.contains("/") { return FileManager.default.isExecutableFile(atPath: command) ? command : nil }
    return folders.split(separator: ":").map { "\($0)/\(command)" }.first(where: FileManager.default.isExecutableFile)
  }

  /// Everything up to the end of the output; `nil` when it does not end in time, or is too long.
  private static func read(_ descriptor: Int32, until end: ContinuousClock.Instant) -> [UInt8]? {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while output.count <= limit {
      let left = (end - ContinuousClock.now).wholeMilliseconds
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard left > 0, poll(&wanted, 1, Int32(min(left, 60_000))) >= 0 || errno == EINTR else { return nil }
      guard wanted.revents != 0 else { continue }
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count == 0 { return output }
      if count > 0 { output += chunk[..<count] } else if errno != EINTR { return nil }
    }
    return nil
  }
}
