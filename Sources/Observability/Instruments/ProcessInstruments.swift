import Descriptors
import Foundation

/// The process itself, under the names that Prometheus' own clients use, read from `/proc` at each scrape.
///
/// Names: <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>
public enum ProcessInstruments {
  /// Declares the instruments in a registry, which brings them up to date before each scrape. Where there is no
  /// `/proc`, they are not declared.
  public static func register(in registry: MetricsRegistry) {
    register(in: registry, read: ProcessStatistics.read, countFiles: OpenDescriptors.count)
  }

  static func register(
    in registry: MetricsRegistry, read: @escaping @Sendable () -> ProcessStatistics?,
    countFiles: @escaping @Sendable () -> Int?
  ) {
    guard read() != nil else { return }
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
      // Neither is known when no descriptor is left to read them with.
      let now = read()
      cpu.show(now?.cpuSeconds)
      resident.show(now?.residentBytes)
      virtual.show(now?.virtualBytes)
      threads.show(now?.threads)
      files.show(countFiles().map(Double.init))
    }
  }
}

extension Gauge {
  /// The only sample is this one; none when the value is not known.
  func show(_ value: Double?) { replaceAll(value.map { [(labels: [], value: $0)] } ?? []) }
}

/// What `/proc/self` says. Fields: <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
struct ProcessStatistics: Equatable {
  var cpuSeconds: Double
  var residentBytes: Double
  var virtualBytes: Double
  var threads: Double

  static func read() -> ProcessStatistics? {
    guard let stat = FileManager.default.contents(atPath: "/proc/self/stat") else { return nil }
    return parse(
      String(decoding: stat, as: UTF8.self), ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
      pageSize: Double(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// The command's name, in parentheses, may hold anything: fields are counted from its end.
  static func parse(_ stat: String, ticksPerSecond: Double, pageSize: Double) -> ProcessStatistics? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split { $0 == " " || $0 == "\n" }.map { Double($0) }
    guard fields.count > 21, let user = fields[11], let system = fields[12], let threads = fields[17],
      let virtual = fields[20], let pages = fields[21]
    else { return nil }
    return ProcessStatistics(
      cpuSeconds: (user + system) / ticksPerSecond, residentBytes: pages * pageSize, virtualBytes: virtual,
      threads: threads)
  }
}
