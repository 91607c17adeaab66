import KubernetesAPI
import KubernetesClient
import Logging
import Synchronization

/// Writes Events. They are told for people's sake: one that cannot be written is logged, and never holds up a status.
struct EventRecorder: Sendable {
  private let client: APIClient
  private let logger: Logger
  private let seconds: @Sendable () -> Int64
  private let book: EventBookBox

  /// - Parameter seconds: the time since 1970.
  init(client: APIClient, logger: Logger, seconds: @escaping @Sendable () -> Int64) {
    self.client = client
    self.logger = logger
    self.seconds = seconds
    book = EventBookBox()
  }

  /// Writes one Event for each note, or counts up the one that is there.
  func record<R: Resource>(_ notes: [EventNote], about object: R) async {
    for note in notes {
      let suffix = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
      let reference = ObjectReference(to: object)
      let now = seconds()
      let write = book.value.withLock { $0.record(note, about: reference, at: now, suffix: suffix) }
      do {
        try await perform(write)
      } catch {
        logger.debug(
          "an Event could not be written",
          metadata: ["object": "\(object.key)", "reason": "\(note.reason)", "error": "\(error)"])
      }
    }
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

/// The book behind a lock, so that the recorder can be a value.
private final class EventBookBox: Sendable {
  let value = Mutex(EventBook())
}
