import KubernetesAPI

extension APIError {
  /// The error that an answer means whose `code` is not 200 to 299.
  ///
  /// A body that is no `Status` (a proxy's page or its JSON, an empty one) is kept as the message, cut to 512 bytes.
  init(code: Int, headers: HTTPHeaders, body: [UInt8]) {
    self.init(status: Self.status(code: code, body: body), retryAfterHeader: headers["Retry-After"])
  }

  /// The error that a `Status` means, from an answer or from a watch's `ERROR` event.
  init(status: Status, retryAfterHeader: String? = nil) {
    let wait = Self.wait(header: retryAfterHeader, status: status)
    switch (status.code ?? 0, status.reason) {
    case (410, _), (_, "Expired"), (_, "Gone"): self = .expired(status)
    case (400, _): self = .badRequest(status)
    case (401, _): self = .unauthorized(status)
    case (403, _): self = .forbidden(status)
    case (404, _): self = .notFound(status)
    case (409, "AlreadyExists"): self = .alreadyExists(status)
    case (409, _): self = .conflict(status)
    case (422, _): self = .invalid(status)
    case (429, _): self = .tooManyRequests(status, retryAfter: wait)
    case (500...599, _): self = .serverUnavailable(status, retryAfter: wait)
    default: self = .refused(status)
    }
  }

  /// How long the server asks us to wait. API servers send seconds; a date, which HTTP allows too, is ignored, since it
  /// would be measured with another machine's clock. More than a day is taken for a day.
  private static func wait(header: String?, status: Status) -> Duration? {
    let seconds = header.flatMap { Int64($0) } ?? status.details?.retryAfterSeconds.map(Int64.init)
    return seconds.flatMap { $0 >= 0 ? Duration.seconds(min($0, 86_400)) : nil }
  }

  private static func status(code: Int, body: [UInt8]) -> Status {
    var status: Status
    do {
      status = try JSONCoding.decode(Status.self, from: body)
    } catch {
      status = Status()
    }
    // No `Status` in the body, though any JSON object decodes as an empty one: its text is the best message there is.
    status.message = status.message ?? String(decoding: body.prefix(512), as: UTF8.self)
    status.code = code
    return status
  }
}
