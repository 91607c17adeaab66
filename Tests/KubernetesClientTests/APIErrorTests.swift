import KubernetesAPI
import Testing

@testable import KubernetesClient

@Suite struct APIErrorTests {
  /// Answers of a real API server (shortened), and the case that a caller sees.
  private static let rows: [(code: Int, body: String, name: String, words: String)] = [
    (
      404,
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"inferencepools.inference.networking.k8s.io \"none\" not found","reason":"NotFound","details":{"name":"none","group":"inference.networking.k8s.io","kind":"inferencepools"},"code":404}"#,
      "notFound", "\"none\" not found"
    ),
    (
      409,
      #"{"status":"Failure","message":"inferencepools.inference.networking.k8s.io \"a\" already exists","reason":"AlreadyExists","code":409}"#,
      "alreadyExists", "already exists"
    ),
    (
      409,
      #"{"status":"Failure","message":"Operation cannot be fulfilled on inferencepools \"a\": the object has been modified; please apply your changes to the latest version and try again","reason":"Conflict","code":409}"#,
      "conflict", "has been modified"
    ),
    (
      422,
      #"{"status":"Failure","message":"InferencePool \"bad\" is invalid: spec.selector: Required value","reason":"Invalid","details":{"causes":[{"reason":"FieldValueRequired","message":"Required value","field":"spec.selector"}]},"code":422}"#,
      "invalid", "spec.selector: Required value"
    ),
    (
      400, #"{"status":"Failure","message":"field label not supported: spec.x","reason":"BadRequest","code":400}"#,
      "badRequest", "spec.x"
    ),
    (401, #"{"message":"Unauthorized","reason":"Unauthorized","code":401}"#, "unauthorized", "credential"),
    (403, #"{"message":"pods is forbidden","reason":"Forbidden","code":403}"#, "forbidden", "pods is forbidden"),
    (410, #"{"message":"too old resource version: 1 (1695)","reason":"Expired","code":410}"#, "expired", "too old"),
    (
      415,
      #"{"message":"the body of the request was in an unknown format","reason":"UnsupportedMediaType","code":415}"#,
      "refused", "415"
    ),
    (429, "", "tooManyRequests", "too many"),
    (
      504,
      #"{"message":"Timeout: Too large resource version","reason":"Timeout","details":{"retryAfterSeconds":1},"code":504}"#,
      "serverUnavailable", "Too large"
    ),
    (502, "<html>Bad Gateway</html>", "serverUnavailable", "<html>"),
    (404, "404 page not found\n", "notFound", "page not found"),
    (502, #"{"error":"no healthy upstream","code":200}"#, "serverUnavailable", "no healthy upstream"),
    (302, "Found", "refused", "302"),
  ]

  @Test(arguments: rows.indices)
  func anAnswerBecomesACase(index: Int) {
    let row = Self.rows[index]
    let error = APIError(code: row.code, headers: [:], body: Array(row.body.utf8))
    #expect("\(Mirror(reflecting: error).children.first?.label ?? "")" == row.name)
    #expect(error.description.contains(row.words), "\(error)")
    #expect(error.status?.code == row.code)
  }

  @Test func theWaitComesFromTheHeaderOrFromTheStatus() {
    #expect(APIError(code: 429, headers: ["retry-after": "7"], body: []).retryAfter == .seconds(7))
    let body = Array(#"{"details":{"retryAfterSeconds":3}}"#.utf8)
    #expect(APIError(code: 503, headers: [:], body: body).retryAfter == .seconds(3))
    #expect(APIError(code: 503, headers: ["Retry-After": "-1"], body: []).retryAfter == nil)
    #expect(APIError(code: 503, headers: ["Retry-After": "soon"], body: []).retryAfter == nil)
    #expect(APIError(code: 503, headers: ["Retry-After": "\(Int64.max)"], body: []).retryAfter == .seconds(86_400))
  }

  @Test func onlyWhatIsSafeIsTriedAgain() {
    let policy = RetryPolicy(
      maximumRetries: 2, baseDelay: .milliseconds(100), maximumDelay: .seconds(5), jitter: { 0 }, sleep: { _ in })
    func answer(_ status: Int, _ headers: HTTPHeaders = [:]) -> Result<APIAnswer, any Error> {
      .success(APIAnswer(status: status, headers: headers, body: []))
    }
    let lost = Result<APIAnswer, any Error>.failure(APIError.transport(.connectionLost("")))
    let refused = Result<APIAnswer, any Error>.failure(APIError.transport(.cannotConnect("")))
    let rows: [(Result<APIAnswer, any Error>, String, Int, Duration?)] = [
      (answer(200), "GET", 1, nil), (answer(404), "GET", 1, nil), (answer(409), "PUT", 1, nil),
      (answer(503), "GET", 1, .milliseconds(50)), (answer(503), "GET", 2, .milliseconds(100)),
      (answer(503), "GET", 3, nil), (answer(503), "POST", 1, nil), (answer(500), "PATCH", 1, nil),
      (answer(429, ["Retry-After": "2"]), "POST", 1, .seconds(2)),
      (answer(503, ["Retry-After": "2"]), "PUT", 1, .seconds(2)),
      (answer(429, ["Retry-After": "5"]), "POST", 1, .seconds(5)), (answer(429, ["Retry-After": "6"]), "POST", 1, nil),
      (answer(503, ["Retry-After": "600"]), "GET", 1, nil),
      (answer(429, ["Retry-After": "0"]), "GET", 2, .milliseconds(100)),
      (answer(500, ["Retry-After": "2"]), "GET", 1, .seconds(2)),
      (answer(504, ["Retry-After": "2"]), "GET", 1, .seconds(2)),
      (answer(429, ["Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"]), "GET", 1, .milliseconds(50)),
      (answer(500, ["Retry-After": "1"]), "POST", 1, nil), (lost, "GET", 1, .milliseconds(50)),
      (lost, "POST", 1, nil), (lost, "DELETE", 1, nil), (refused, "POST", 1, .milliseconds(50)),
      (.failure(APIError.timeout("")), "PUT", 1, nil), (.failure(APIError.timeout("")), "GET", 1, .milliseconds(50)),
      (.failure(APIError.transport(.tls(""))), "GET", 1, nil), (.failure(CancellationError()), "GET", 1, nil),
    ]
    for (index, (outcome, method, attempt, expected)) in rows.enumerated() {
      #expect(policy.wait(after: outcome, method: method, attempt: attempt) == expected, "row \(index)")
    }
  }
}
