import JSONText
import KubernetesAPI
import KubernetesClient
import Logging
import Observability

/// Writes Events, one after the other, beside the statuses: they are told for people's sake, so one that cannot be
/// written is only logged, and one that finds no place to wait is dropped. A status never waits for an Event.
struct EventRecorder: Sendable {
  private struct Entry: Sendable {
    var note: EventNote
    var object: ObjectReference
    var seconds: Int64
  }

  /// How many notes may wait; a server that is so far behind has other troubles than to tell old stories.
  static let places = 256

  private let client: APIClient
  private let instruments: ControlInstruments
  private let logger: Logger
  private let seconds: @Sendable () -> Int64
  private let waiting: AsyncStream<Entry>
  private let inlet: AsyncStream<Entry>.Continuation

  /// - Parameters:
  ///   - timeout: the longest time for one request.
  ///   - seconds: the time since 1970.
  init(
    client: APIClient, instruments: ControlInstruments, logger: Logger, timeout: Duration,
    seconds: @escaping @Sendable () -> Int64
  ) {
    self.client = APIClient(
      configuration: client.configuration,
      transport: TimeLimitedTransport(base: client.transport, limit: timeout),
      // A server that asks for a longer wait than this is not asked again: the next note is younger.
      retryPolicy: RetryPolicy(maximumRetries: 1, maximumDelay: .seconds(1)), logger: logger)
    self.instruments = instruments
    self.logger = logger
    self.seconds = seconds
    (waiting, inlet) = AsyncStream.makeStream(of: Entry.self, bufferingPolicy: .bufferingOldest(Self.places))
  }

  /// Takes notes about an object, each for one Event or to count up the one that is there. Returns at once.
  func record<R: Resource>(_ notes: [EventNote], about object: R) {
    record(notes, about: ObjectReference(to: object))
  }

  /// The same of an object that is only known by its names.
  func record(_ notes: [EventNote], about object: ObjectReference) {
    let now = seconds()
    for note in notes {
      let entry = Entry(note: note, object: object, seconds: now)
      if case .dropped = inlet.yield(entry) { lost(entry, result: "dropped") }
    }
  }

  /// Takes no more notes: ``run()`` ends when those that wait are written.
  func finish() { inlet.finish() }

  /// Writes what was recorded, until cancelled or finished.
  func run() async {
    var book = EventBook()
    for await entry in waiting {
      guard !Task.isCancelled else { return }
      let suffix = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
      do {
        try await perform(book.record(entry.note, about: entry.object, at: entry.seconds, suffix: suffix))
        instruments.events.increment(["written"])
      } catch {
        lost(entry, result: "failed", error: error)
      }
    }
  }

  private func lost(_ entry: Entry, result: String, error: (any Error)? = nil) {
    instruments.events.increment([result])
    logger.debug(
      "an Event was not written",
      metadata: [
        "kind": "\(entry.object.kind ?? "")", "object": "\(entry.object.name ?? "")", "result": "\(result)",
        "reason": "\(entry.note.reason)", "error": "\(error.map { "\($0)" } ?? "too many wait")",
      ])
  }

  private func perform(_ write: EventBook.Write) async throws {
    switch write {
    case .create(let event):
      _ = try await client.create(event)
    case .countUp(let key, let count, let last, let event):
      let patch: JSONValue = ["count": .integer(Int64(count)), "lastTimestamp": .string(last.rawValue)]
      do {
        _ = try await client.patch(Event.self, name: key.name, namespace: key.namespace, patch: .merge(patch))
      } catch APIError.notFound {
        // API servers forget Events after an hour or so.
        _ = try await client.create(event)
      }
    }
  }
}
