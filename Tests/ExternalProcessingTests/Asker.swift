import Foundation
import Logging
import NIOCore
import NIOPosix
import Routing
import Synchronization
import TestSupport

@testable import ExternalProcessing

/// The pickers of one event loop, used from tests.
final class Asker: Sendable {
  let loop = MultiThreadedEventLoopGroup.singleton.next()
  let clients: NIOLoopBound<PickerClients>
  let picker: ExternalPicker

  init(
    _ ports: [Int], transport: ExternalPicker.Transport = .tls(nil), tls: (any PickerTLS)? = nil
  ) async throws {
    let loop = loop
    var configuration = PickerConfiguration()
    configuration.connectTimeoutSeconds = 10
    clients = try await loop.submit { [configuration, tls] in
      NIOLoopBound(
        PickerClients(
          on: loop, configuration: configuration, tls: tls,
          logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
        eventLoop: loop)
    }.get()
    picker = ExternalPicker(
      service: ObjectName(namespace: "default", name: "epp"), port: 9002,
      endpoints: ports.map { EndpointID(address: "127.0.0.1", port: $0) }, transport: transport)
  }

  /// Begins a request with this body.
  func ask(_ body: String = "{}") async throws -> Asked {
    let asked = Asked(loop)
    try await loop.submit { [self] in
      let session = clients.value.session(with: picker) { event in asked.heard(event) }
      asked.begin(NIOLoopBound(session, eventLoop: loop), Array(body.utf8))
    }.get()
    return asked
  }
}

/// One request with a picker.
final class Asked: Sendable {
  private let loop: any EventLoop
  private let events = Mutex<[PickEvent]>([])
  private let session = Mutex<NIOLoopBound<any PickSession>?>(nil)
  private let rest = Mutex<[UInt8]>([])

  init(_ loop: any EventLoop) { self.loop = loop }

  func begin(_ session: NIOLoopBound<any PickSession>, _ body: [UInt8]) {
    self.session.withLock { $0 = session }
    rest.withLock { $0 = body }
    let head = RequestHead(method: "POST", path: "/v1/completions", authority: "x", fields: [("X-Test", "1")])
    session.value.begin(head, hasBody: true)
    show()
  }

  func heard(_ event: PickEvent) {
    if event == .hasRoom { return show() }
    events.withLock { $0.append(event) }
  }

  private func show() {
    guard let session = session.withLock({ $0 })?.value else { return }
    while true {
      let piece = rest.withLock { rest -> [UInt8] in
        let piece = rest.prefix(session.room)
        rest = Array(rest.dropFirst(piece.count))
        return Array(piece)
      }
      if piece.isEmpty { break }
      piece.withUnsafeBytes { session.body($0) }
      if rest.withLock({ $0.isEmpty }) { session.end() }
    }
  }

  func showResponse(hasBody: Bool = true) async throws {
    try await loop.submit { [self] in
      session.withLock { $0 }?.value.response(
        ResponseHead(status: 200, fields: [("content-type", "application/json")]),
        from: EndpointID(address: "10.0.0.1", port: 8000), hasBody: hasBody)
    }.get()
  }

  /// All in one go of the event loop, so that nothing of it can have been sent before the last piece is there.
  func showResponseBody(_ pieces: [String], ends: Bool) async throws {
    try await loop.submit { [self] in
      guard let session = session.withLock({ $0 })?.value else { return }
      for piece in pieces { Array(piece.utf8).withUnsafeBytes { session.responseBody($0) } }
      if ends { session.responseEnd() }
    }.get()
  }

  /// Bytes that the session keeps.
  var heldBytes: Int {
    get async throws { try await loop.submit { self.session.withLock { $0 }?.value.heldBytes ?? 0 }.get() }
  }

  func finish() async throws { try await loop.submit { self.session.withLock { $0 }?.value.finish(.done) }.get() }

  /// What is heard next.
  func next() async throws -> PickEvent {
    try await eventually("the picker says something") { events.withLock { !$0.isEmpty } }
    return events.withLock { $0.removeFirst() }
  }
}
