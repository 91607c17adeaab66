/// What a client's connection waits for.
enum ClientWait {
  /// A request.
  case idle
  /// The rest of a request's head.
  case head
  /// More of a request's body.
  case body
  /// The rest of a request that is answered.
  case rest
  /// That the client takes the end of its last response, and closes its side.
  case closing
}
