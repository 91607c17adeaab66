import KubernetesClient
import Synchronization

/// Notes what is asked of an API server, and passes it on.
final class RequestRecorder: HTTPTransport {
  private let base: any HTTPTransport
  private let noted = Mutex<[Access]>([])
  private let heads = Atomic(0)

  init(base: any HTTPTransport) { self.base = base }

  /// Everything that was asked, in order.
  var accesses: [Access] { noted.withLock { $0 } }

  /// How many answers have begun.
  var answers: Int { heads.load(ordering: .acquiring) }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    if let access = Access(request) { noted.withLock { $0.append(access) } }
    let response = try await base.send(request)
    heads.add(1, ordering: .acquiringAndReleasing)
    return response
  }
}
