import Synchronization
import Testing

@testable import Observability

@Suite("Metrics in the Prometheus text format")
struct MetricsTests {
  @Test("A scrape has help, type and series in a stable order, with escaped labels")
  func scrape() {
    let registry = MetricsRegistry()
    let requests = registry.counter("b_requests_total", help: "Requests \\ all\nof them.", labels: ["model", "status"])
    requests.increment(["z", "200"])
    requests.increment(["a\"b\\c\nd", "503"], by: 2)
    registry.gauge("a_ready", help: "Ready.").set(0.5)
    let expected = """
      # HELP a_ready Ready.
      # TYPE a_ready gauge
      a_ready 0.5
      # HELP b_requests_total Requests \\\\ all\\nof them.
      # TYPE b_requests_total counter
      b_requests_total{model="a\\"b\\\\c\\nd",status="503"} 2
      b_requests_total{model="z",status="200"} 1

      """
    #expect(registry.render() == expected)
  }

  @Test("Histogram buckets are cumulative and end with +Inf, sum and count")
  func histogram() {
    let registry = MetricsRegistry()
    let duration = registry.histogram("d_seconds", help: "D.", labels: ["pool"], bounds: [1, 0.1])
    for value in [0.05, 0.1, 0.5, 3] { duration.observe(value, ["p"]) }
    let expected = """
      # HELP d_seconds D.
      # TYPE d_seconds histogram
      d_seconds_bucket{pool="p",le="0.1"} 2
      d_seconds_bucket{pool="p",le="1"} 3
      d_seconds_bucket{pool="p",le="+Inf"} 4
      d_seconds_sum{pool="p"} 3.65
      d_seconds_count{pool="p"} 4

      """
    #expect(registry.render() == expected)
  }

  @Test("Invented model names end in one series; the other labels stay exact")
  func boundedCardinality() {
    let counter = Counter(
      "c_total", help: "C.", labels: ["model", "status"], limit: CardinalityLimit(valuesPerLabel: 3, series: 100))
    for index in 0..<50 { counter.increment(["m\(index)", "404"]) }
    counter.increment(["m0", "200"])
    #expect(counter.series(["m0", "404"]).value == 1)
    #expect(counter.series(["m0", "200"]).value == 1)
    #expect(counter.series(["other", "404"]).value == 47)
  }

  @Test("Beyond the series limit everything is counted as other")
  func boundedSeries() {
    let counter = Counter(
      "c_total", help: "C.", labels: ["a", "b"], limit: CardinalityLimit(valuesPerLabel: 100, series: 4))
    for a in 0..<3 { for b in 0..<3 { counter.increment(["\(a)", "\(b)"]) } }
    #expect(counter.series(["other", "other"]).value == 5)
  }

  @Test("A removed pool leaves no series behind and gives its place back")
  func removal() {
    let counter = Counter(
      "c_total", help: "C.", labels: ["name"], limit: CardinalityLimit(valuesPerLabel: 1, series: 1))
    counter.increment(["old"])
    #expect(counter.removeResting(now: 0, grace: 0) { $0 == ["old"] } == 1)
    counter.increment(["new"], by: 4)
    #expect(counter.series(["new"]).value == 4)
  }

  @Test("What is gone is forgotten when nothing was counted into it for the whole grace, and not if it came back")
  func resting() {
    let counter = Counter("c_total", help: "C.", labels: ["name"])
    let duration = Histogram("d_seconds", help: "D.", labels: ["name"], bounds: [1])
    func look(at now: UInt64, gone: String = "old") -> [Int] {
      [
        counter.removeResting(now: now, grace: 10) { $0 == [gone] },
        duration.removeResting(now: now, grace: 10) { $0 == [gone] },
      ]
    }
    for name in ["old", "stays"] {
      counter.increment([name])
      duration.observe(1, [name])
    }
    #expect(look(at: 100) == [0, 0] && look(at: 109) == [0, 0])
    counter.increment(["old"])
    #expect(look(at: 110) == [0, 1], "the late count is still to be seen")
    #expect(look(at: 119) == [0, 0] && look(at: 105) == [0, 0])
    #expect(look(at: 119, gone: "") == [0, 0])
    #expect(look(at: 130) == [0, 0], "it was back in between")
    #expect(look(at: 140) == [1, 0])
    counter.increment(["old"])
    #expect(look(at: 150) == [0, 0] && look(at: 160) == [1, 0])
    #expect(counter.series(["stays"]).value == 1 && duration.series(["stays"]).count == 1)
  }

  @Test("A wrong number of label values is mended, not a crash")
  func labelCount() {
    let counter = Counter("c_total", help: "C.", labels: ["a", "b"])
    counter.increment(["x"])
    counter.increment(["x", "", "surplus"])
    #expect(counter.series(["x", ""]).value == 2)
  }

  @Test("Counting from many tasks loses nothing")
  func concurrency() async {
    let registry = MetricsRegistry()
    let counter = registry.counter("c_total", help: "C.", labels: ["l"])
    let gauge = registry.gauge("g", help: "G.")
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for _ in 0..<1000 {
            counter.increment(["\(task % 2)"])
            gauge.add(1)
          }
        }
      }
    }
    #expect(counter.series(["0"]).value + counter.series(["1"]).value == 8000)
    #expect(gauge.series([]).value == 8000)
  }

  @Test("One instrument is rendered under each of its names that was asked for, with the family's word for a label")
  func families() throws {
    let names: MetricNames = [
      "llm_d_epp_x", MetricName("inference_pool_x", renamedLabels: ["endpoint": "pod"]), "switchyard_x",
    ]
    let lines = { (families: Set<MetricFamily>) in
      let registry = MetricsRegistry(families: families)
      registry.gauge(names, help: "X.", labels: ["name", "endpoint"]).set(2, ["a", "b"])
      registry.gauge("process_x", help: "P.").set(1)
      return registry.render().split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }
    let gie = #"inference_pool_x{name="a",pod="b"} 2"#
    let llmD = #"llm_d_epp_x{name="a",endpoint="b"} 2"#
    #expect(lines([.gie]) == [gie, "process_x 1"])
    #expect(lines([.llmD, .switchyard]) == [llmD, "process_x 1", #"switchyard_x{name="a",endpoint="b"} 2"#])
    #expect(lines(Set(MetricFamily.allCases)).count == 4)
  }

  @Test("A list of families is read; a mistake names the value and the choices")
  func familyLists() throws {
    #expect(try MetricFamily.list("llm-d, gie") == [.llmD, .gie])
    #expect(try MetricFamily.list("switchyard") == [.switchyard])
    for (text, wrong) in [("llm-d,foo", "foo"), ("", ""), ("gie,", ""), ("GIE", "GIE")] {
      let error = #expect(throws: UnknownMetricFamily.self) { try MetricFamily.list(text) }
      #expect(error?.name == wrong)
      #expect(error?.description.contains("'\(wrong)'") == true)
      #expect(error?.description.contains("llm-d, gie, switchyard") == true)
    }
  }

  @Test("What was never set has no sample, what is counted starts at 0")
  func unknown() {
    let registry = MetricsRegistry()
    let gauge = registry.gauge("g", help: "G.")
    _ = registry.counter("c_total", help: "C.")
    _ = registry.gauge("labelled", help: "L.", labels: ["name"])
    #expect(registry.render().split(separator: "\n").filter { !$0.hasPrefix("#") } == ["c_total 0"])
    gauge.set(0)
    #expect(registry.render().contains("\ng 0\n"))
  }

  @Test("Values computed as a whole replace what was there, however many there are")
  func replaced() {
    let gauge = Gauge("g", help: "G.", labels: ["name"], limit: CardinalityLimit(valuesPerLabel: 1, series: 1))
    gauge.set(1, ["old"])
    gauge.replaceAll([(["a"], 1), (["b"], 2), (["b"], 3)])
    var text = ""
    gauge.renderSamples(as: "g", into: &text)
    #expect(text == "g{name=\"a\"} 1\ng{name=\"b\"} 3\n")
  }

  @Test("All instruments fit in one registry, and a second declaration is the first")
  func instruments() {
    let registry = MetricsRegistry()
    let gateway = GatewayInstruments(registry: registry)
    let again = GatewayInstruments(registry: registry)
    let control = ControlInstruments(registry: registry)
    _ = PoolInstruments(registry: registry)
    again.outcomes.retries.increment(["InferencePool", "default", "gemma3"])
    control.watchEvents.increment(["Pod", "ADDED"])
    let text = registry.render()
    #expect(again.requests === gateway.requests)
    #expect(
      text.contains(#"switchyard_gateway_retries_total{kind="InferencePool",namespace="default",name="gemma3"} 1"#))
    #expect(text.contains("switchyard_watch_events_total{kind=\"Pod\",type=\"ADDED\"} 1\n"))
  }

  @Test("Gauges that are computed at the scrape are up to date in it")
  func refresh() {
    let registry = MetricsRegistry()
    let gauge = registry.gauge("g", help: "G.")
    registry.beforeRender { gauge.set(7) }
    #expect(registry.render().hasSuffix("g 7\n"))
  }

  @Test("The process shows its own memory, files and start")
  func process() {
    let registry = MetricsRegistry()
    ProcessInstruments.register(in: registry)
    let text = registry.render()
    for name in ["resident_memory_bytes", "open_fds", "start_time_seconds"] {
      let line = text.split(separator: "\n").first { $0.hasPrefix("process_\(name) ") }
      #expect(Double(line?.split(separator: " ").last ?? "") ?? 0 > 0, "\(name)")
    }
  }

  @Test("What cannot be read at a scrape has no sample in it, not even that of the scrape before")
  func unreadableProcess() {
    let registry = MetricsRegistry()
    let isReadable = Mutex(true)
    ProcessInstruments.register(
      in: registry,
      read: {
        isReadable.withLock { $0 }
          ? ProcessStatistics(cpuSeconds: 3, residentBytes: 12288, virtualBytes: 4096, threads: 9) : nil
      }, countFiles: { isReadable.withLock { $0 ? 5 : nil } })
    func samples() -> [Substring] {
      registry.render().split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.contains("start_time") }
    }
    let all = samples()
    #expect(all.count == 5 && all.contains("process_open_fds 5") && all.contains("process_threads 9"))
    isReadable.withLock { $0 = false }
    #expect(samples() == [])
  }

  @Test("A command name with spaces and parentheses does not shift the fields")
  func processStat() {
    let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 9 0 100 4096 3 18446744073709551615 1\n"
    let parsed = ProcessStatistics.parse(stat, ticksPerSecond: 100, pageSize: 4096)
    #expect(parsed == ProcessStatistics(cpuSeconds: 3, residentBytes: 12288, virtualBytes: 4096, threads: 9))
    #expect(ProcessStatistics.parse("nonsense", ticksPerSecond: 100, pageSize: 1) == nil)
  }
}
