import DataPlane
import Observability
import Routing
import Synchronization

/// The histograms of tokens for one combination of labels: each is looked up at its first count, so that what is never told has
/// no sample, and kept.
final class TokenSeries: Sendable {
  private struct Kept {
    var input: Histogram.Series?
    var output: Histogram.Series?
    var cached: Histogram.Series?
    var normalizedTime: Histogram.Series?
    var streamingTime: Histogram.Series?
  }

  private let tokens: GatewayInstruments.Tokens
  private let labels: [String]
  private let kept = Mutex(Kept())

  init(_ tokens: GatewayInstruments.Tokens, _ labels: [String]) {
    self.tokens = tokens
    self.labels = labels
  }

  /// Counts what the model server has told. Times are those of whole answers.
  func count(_ record: ProxyRecord) {
    let usage = record.usage
    let output = usage.output.map(Double.init)
    let normalized = output.flatMap { count in
      record.error == nil && count > 0 ? Double(record.durationNanoseconds) / 1e9 / count : nil
    }
    kept.withLock { kept in
      observe(usage.input.map(Double.init), tokens.input, &kept.input)
      observe(output, tokens.output, &kept.output)
      observe(usage.cached.map(Double.init), tokens.cached, &kept.cached)
      observe(normalized, tokens.normalizedTime, &kept.normalizedTime)
      observe(
        record.nanosecondsPerOutputToken.map { Double($0) / 1e9 }, tokens.streamingTime, &kept.streamingTime)
    }
  }

  private func observe(_ value: Double?, _ histogram: Histogram, _ series: inout Histogram.Series?) {
    guard let value else { return }
    let known = series ?? histogram.series(labels)
    series = known
    known.observe(value)
  }
}
