/// One request in the hands of an external picker. It is shown the request's head and body, says where the request goes and
/// what becomes of it, and is then shown the head of the response.
///
/// Everything happens on the event loop of the request, and what the picker says comes to the ``PickEvent`` closure that the
/// session was made with, never within a call of the session.
public protocol PickSession: AnyObject {
  /// Bytes of the body that the session takes now; ``PickEvent/hasRoom`` says when that grows from 0.
  var room: Int { get }

  /// Bytes of bodies that it keeps: of the request's, until the picker has them, and of the one that the picker sends in its place.
  var heldBytes: Int { get }

  /// Shows the head as endpoints would get it. `hasBody`: ``end()`` will be called.
  func begin(_ head: RequestHead, hasBody: Bool)

  /// Shows the next bytes of the body, no more than ``room``.
  func body(_ bytes: UnsafeRawBufferPointer)

  /// The body has been shown whole.
  func end()

  /// Shows the head of the response, and which endpoint it is of. `hasBody`: a body follows it.
  func response(_ head: ResponseHead, from endpoint: EndpointID, hasBody: Bool)

  /// Shows the next bytes of the response's body, which is on its way to the client: it waits for nobody, and is none of the picker's
  /// to change. What the picker does not take in time is kept as far as that may be.
  func responseBody(_ bytes: UnsafeRawBufferPointer)

  /// The response's body has been shown whole.
  func responseEnd()

  /// The request is over, and nothing more is heard of the session.
  func finish(_ ending: PickEnding)
}

/// How a request ended for its picker.
public enum PickEnding: Sendable, Equatable {
  /// Its response is over, or nobody waits for it any more.
  case done
  /// The picker took too long, which speaks against it.
  case timedOut
}

/// What an external picker says.
public enum PickEvent: Sendable, Equatable {
  /// It takes more of the body, or has sent some of its own.
  case hasRoom
  /// Where the request goes.
  case picked(PickedRequest)
  /// The request goes nowhere: the client gets this answer.
  case answered(LocalResponse)
  /// What becomes of the response's head.
  case response(HeadMutation)
  /// It has nothing more to say, and has said all that was asked for.
  case ended
  /// It does not pick, or breaks off; why, in a few words.
  case failed(String)
}

/// What an external picker makes of a request.
public struct PickedRequest: Sendable, Equatable {
  /// Where to send it, the best first: as the picker has listed them, nobody has compared them with the pool.
  public var endpoints: [EndpointID]
  /// What becomes of the head.
  public var head: HeadMutation
  /// The body in place of the client's; `nil` leaves that as it is.
  public var body: [[UInt8]]?

  /// What a picker made of a request.
  public init(endpoints: [EndpointID], head: HeadMutation = HeadMutation(), body: [[UInt8]]? = nil) {
    self.endpoints = endpoints
    self.head = head
    self.body = body
  }
}

/// Makes sessions with external pickers for the requests of one event loop; what the picker says goes to the closure.
public typealias PickSessionMaker = (ExternalPicker, @escaping (PickEvent) -> Void) -> any PickSession
