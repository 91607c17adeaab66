import Foundation

/// The process itself, under the names that Prometheus' own clients use, read from `/proc` at each scrape.
///
/// Names: <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>
public enum ProcessInstruments {
  /// Declares the instruments in a registry, which brings them up to date before each scrape. Where there is no
  /// `/proc`, they are not declared.
  public static func register(in registry: MetricsRegistry) {
    guard ProcessStatistics.read() != nil else { return }
    // A gauge, because its value comes whole from the kernel; Prometheus reads it the same.
    let cpu = registry.gauge(
      "process_cpu_seconds_total", help: "Total user and system CPU time spent in seconds.")
    let resident = registry.gauge("process_resident_memory_bytes", help: "Resident memory size in bytes.")
    let virtual = registry.gauge("process_virtual_memory_bytes", help: "Virtual memory size in bytes.")
    let threads = registry.gauge("process_threads", help: "Number of threads.")
    let files = registry.gauge("process_open_fds", help: "Number of open file descriptors.")
    registry.gauge("process_start_time_seconds", help: "Start time of the process since unix epoch in seconds.")
      .set(Date().timeIntervalSince1970)
    registry.beforeRender {
      guard let now = ProcessStatistics.read() else { return }
      cpu.set(now.cpuSeconds)
      resident.set(now.residentBytes)
      virtual.set(now.virtualBytes)
      threads.set(now.threads)
      files.set(now.openFiles)
    }
  }
}

/// What `/proc/self` says. Fields: <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
struct ProcessStatistics: Equatable {
  var cpuSeconds: Double
  var residentBytes: Double
  var virtualBytes: Double
  var threads: Double
  var openFiles: Double

  static func read() -> ProcessStatistics? {
    guard let stat = FileManager.default.contents(atPath: "/proc/self/stat") else { return nil }
    // An unreadable folder counts as no open files; the rest is still worth showing.
    let files = (opendir("/proc/self/fd")).map(countEntries) ?? 0
    return parse(
      String(decoding: stat, as: UTF8.self), openFiles: files, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
      pageSize: Double(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// The command's name, in parentheses, may hold anything: fields are counted from its end.
  static func parse(_ stat: String, openFiles: Int, ticksPerSecond: Double, pageSize: Double) -> ProcessStatistics? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split { $0 == " " || $0 == "\n" }.map { Double($0) }
    guard fields.count > 21, let user = fields[11], let system = fields[12], let threads = fields[17],
      let virtual = fields[20], let pages = fields[21]
    else { return nil }
    return ProcessStatistics(
      cpuSeconds: (user + system) / ticksPerSecond, residentBytes: pages * pageSize, virtualBytes: virtual,
      threads: threads, openFiles: Double(openFiles))
  }

  private static func countEntries(_ directory: OpaquePointer) -> Int {
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Not the two dots, nor the descriptor that reads the folder.
    return max(0, count - 3)
  }
}
