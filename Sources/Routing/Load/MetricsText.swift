#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads the load of a vLLM server from its Prometheus text, in one pass over the bytes.
///
/// Source: Gateway API Inference Extension, proposal 003 (model server protocol). Several engines behind one port
/// (data parallel ranks) each have a series: counts are added up, the use of the KV cache is averaged.
public struct MetricsText: Sendable, Equatable {
  /// The load. What the text does not tell is as it was before.
  public var load: EndpointLoad
  /// The series of the picker's signals that the text lacks or gives no usable value for; empty is a complete reading.
  public var missing: [String]

  /// Whether none of the signals was there: this is no page of a vLLM server, and `load` is not to be used.
  public var isEmpty: Bool { missing.count == Signal.allCases.count }

  /// The series that picking needs.
  enum Signal: String, CaseIterable {
    case waiting = "vllm:num_requests_waiting"
    case running = "vllm:num_requests_running"
    case kvCacheUsage = "vllm:kv_cache_usage_perc"
  }

  /// Reads a whole page.
  ///
  /// - Parameters:
  ///   - bytes: the body of the answer to `GET /metrics`.
  ///   - previous: the endpoint's load until now; a page that lacks a series keeps its last value.
  ///   - scrapedAt: when the page was asked for, in nanoseconds of the monotonic clock that picking uses.
  public init(_ bytes: UnsafeRawBufferPointer, previous: EndpointLoad = EndpointLoad(), scrapedAt: UInt64) {
    var reader = MetricsReader()
    var rest = bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let count = memchr(start, 0x0A, rest.count).map { start.distance(to: $0) } ?? rest.count
      reader.line(UnsafeRawBufferPointer(start: start, count: count))
      rest = UnsafeRawBufferPointer(rebasing: rest[min(count + 1, rest.count)...])
    }
    load = reader.load(over: previous)
    load.scrapedAt = scrapedAt
    missing = reader.missing
  }

  /// Reads a whole page.
  public init(_ bytes: [UInt8], previous: EndpointLoad = EndpointLoad(), scrapedAt: UInt64) {
    self = bytes.withUnsafeBytes { MetricsText($0, previous: previous, scrapedAt: scrapedAt) }
  }
}

/// Collects what one page says, line by line.
struct MetricsReader {
  private var waiting: Double?
  private var running: Double?
  private var usage: (sum: Double, count: Int) = (0, 0)
  private var oldUsage: (sum: Double, count: Int) = (0, 0)
  private var blockSize: Int?
  private var blockCount: Int?
  private var adapters: Adapters?

  /// One series of `vllm:lora_requests_info`.
  private struct Adapters {
    var updated: Double
    var running: Set<String>
    var waiting: Set<String>
    var limit: Int?

    private var isIdle: Bool { running.isEmpty && waiting.isEmpty }

    /// A series that names an adapter holds over one that does not; else the later.
    func holds(over other: Adapters) -> Bool {
      isIdle == other.isIdle ? updated >= other.updated : other.isIdle
    }
  }

  private static let prefix: StaticString = "vllm:"

  /// Takes one line without its line feed; all but the few series of interest are left at their first bytes.
  mutating func line(_ bytes: UnsafeRawBufferPointer) {
    guard Self.begins(bytes, with: Self.prefix), Self.names.contains(where: { Self.names(bytes, $0) }),
      let sample = MetricsSample(bytes)
    else { return }
    take(sample)
  }

  private static func begins(_ line: UnsafeRawBufferPointer, with text: StaticString) -> Bool {
    guard let start = line.baseAddress, line.count >= text.utf8CodeUnitCount else { return false }
    return memcmp(start, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  /// Whether a line is of the series that is called so.
  private static func names(_ line: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
    guard line.count > name.utf8CodeUnitCount else { return false }
    let end = line[name.utf8CodeUnitCount]
    return (end == UInt8(ascii: "{") || end == 0x20 || end == 0x09) && begins(line, with: name)
  }

  private static let names: [StaticString] = [
    "vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc",
    "vllm:gpu_cache_usage_perc", "vllm:cache_config_info", "vllm:lora_requests_info",
  ]

  private mutating func take(_ sample: MetricsSample) {
    let value = sample.value
    guard value.isFinite, value >= 0 else { return }
    switch sample.name {
    case "vllm:num_requests_waiting": waiting = (waiting ?? 0) + value
    case "vllm:num_requests_running": running = (running ?? 0) + value
    case "vllm:kv_cache_usage_perc": usage = (usage.sum + min(value, 1), usage.count + 1)
    case "vllm:gpu_cache_usage_perc": oldUsage = (oldUsage.sum + min(value, 1), oldUsage.count + 1)
    case "vllm:cache_config_info":
      blockSize = sample.labels["block_size"].flatMap { Int($0) } ?? blockSize
      blockCount = sample.labels["num_gpu_blocks"].flatMap { Int($0) } ?? blockCount
    default: takeAdapters(sample)
    }
  }

  /// The value is the time of the last update: the newest series that names an adapter is the one that holds.
  private mutating func takeAdapters(_ sample: MetricsSample) {
    let running = Self.list(sample.labels["running_lora_adapters"])
    let waiting = Self.list(sample.labels["waiting_lora_adapters"])
    let limit = sample.labels["max_lora"].flatMap { Int($0) }
    let series = Adapters(updated: sample.value, running: running, waiting: waiting, limit: limit)
    if adapters.map({ series.holds(over: $0) }) ?? true { adapters = series }
  }

  private static func list(_ text: String?) -> Set<String> {
    let names = (text ?? "").split(separator: ",").map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    return Set(names.filter { !$0.isEmpty })
  }

  var missing: [String] {
    var signals: [MetricsText.Signal] = []
    if waiting == nil { signals.append(.waiting) }
    if running == nil { signals.append(.running) }
    if usage.count == 0 && oldUsage.count == 0 { signals.append(.kvCacheUsage) }
    return signals.map(\.rawValue)
  }

  func load(over previous: EndpointLoad) -> EndpointLoad {
    var load = previous
    if let waiting { load.waiting = Self.count(waiting) }
    if let running { load.running = Self.count(running) }
    let usage = usage.count > 0 ? usage : oldUsage
    if usage.count > 0 { load.kvCacheUsage = usage.sum / Double(usage.count) }
    load.blockSize = blockSize ?? load.blockSize
    load.blockCount = blockCount ?? load.blockCount
    if let adapters {
      load.runningAdapters = adapters.running
      load.waitingAdapters = adapters.waiting
      load.maxAdapters = adapters.limit ?? load.maxAdapters
    }
    return load
  }

  /// A count that a server may claim without limit, as an integer.
  private static func count(_ value: Double) -> Int { Int(min(value, 1e9)) }
}

/// One line of Prometheus text: `name{label="value",…} value [timestamp]`.
///
/// Source: Prometheus, "Exposition formats", text-based format.
struct MetricsSample {
  var name: String
  var labels: [String: String] = [:]
  var value: Double

  /// Reads a line; `nil` if it is not a sample.
  init?(_ line: UnsafeRawBufferPointer) {
    let nameEnd = line.firstIndex { $0 == UInt8(ascii: "{") || $0 == 0x20 || $0 == 0x09 } ?? line.count
    name = String(decoding: line[..<nameEnd], as: UTF8.self)
    value = 0
    var index = nameEnd
    if index < line.count, line[index] == UInt8(ascii: "{") {
      guard let end = readLabels(line, from: index + 1) else { return nil }
      index = end
    }
    let fields = line[index...].split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard (1...2).contains(fields.count), let number = Double(String(decoding: fields[0], as: UTF8.self)) else {
      return nil
    }
    value = number
  }

  /// Reads labels up to and with the `}`; returns the place behind it.
  private mutating func readLabels(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start
    while index < line.count {
      if line[index] == UInt8(ascii: "}") { return index + 1 }
      if line[index] == UInt8(ascii: ",") || line[index] == 0x20 {
        index += 1
        continue
      }
      guard let equals = line[index...].firstIndex(of: UInt8(ascii: "=")), equals + 1 < line.count,
        line[equals + 1] == UInt8(ascii: "\"")
      else { return nil }
      let label = String(decoding: line[index..<equals], as: UTF8.self)
      guard let (text, end) = Self.readValue(line, from: equals + 2) else { return nil }
      labels[label] = text
      index = end
    }
    return nil
  }

  /// Reads a label's value up to and with its closing quote.
  private static func readValue(_ line: UnsafeRawBufferPointer, from start: Int) -> (String, Int)? {
    var bytes: [UInt8] = []
    var index = start
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "\""): return (String(decoding: bytes, as: UTF8.self), index + 1)
      case UInt8(ascii: "\\") where index + 1 < line.count:
        index += 1
        bytes.append(line[index] == UInt8(ascii: "n") ? 0x0A : line[index])
      default: bytes.append(line[index])
      }
      index += 1
    }
    return nil
  }
}
