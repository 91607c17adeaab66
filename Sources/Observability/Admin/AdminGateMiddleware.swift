import HTTPTypes
import Hummingbird
import NIOCore

/// What the admin server knows of a request besides its bytes.
struct AdminContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address at which the connection came in.
  let localAddress: String?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    localAddress = source.channel.localAddress?.ipAddress
  }
}

/// Asks the gate before any route, also those that do not exist.
struct AdminGateMiddleware: RouterMiddleware {
  let gate: AdminGate

  func handle(
    _ request: Request, context: AdminContext, next: (Request, AdminContext) async throws -> Response
  ) async throws -> Response {
    let fields = request.headers
    // The first Host is the request's authority; every further one stays among the headers.
    let more = HTTPField.Name("Host").map { fields[values: $0] } ?? []
    let refusal = gate.refusal(
      AdminGate.Request(
        target: request.head.path ?? "", hosts: (request.head.authority.map { [$0] } ?? []) + more,
        origins: fields[values: .origin], fetchSites: Self.fetchSite.map { fields[values: $0] } ?? [],
        localAddress: context.localAddress))
    guard let refusal else { return try await next(request, context) }
    return AdminServer.response(
      HTTPResponse.Status(code: refusal.status), AdminServer.plain, "refused: \(refusal.message)\n")
  }

  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
}
