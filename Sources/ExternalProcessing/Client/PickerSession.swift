import Foundation
import NIOCore
import Routing
import SwiftProtobuf

/// One request with one picker: puts what ``PickerStream`` says between the exchange and a stream of HTTP/2.
final class PickerSession: PickSession {
  /// Messages of so many bytes are kept until the picker first says something, so that they can be sent again where a connection
  /// that had rested turns out to be lost.
  private static let maximumReplayBytes = 256 << 10
  /// Bytes of a response's body that wait for a picker which is slower than the client; one that lets more pile up is shown no more.
  static let maximumResponseBytes = 1 << 20

  let picker: ExternalPicker
  private let clients: PickerClients
  private let onEvent: (PickEvent) -> Void
  private var stream: PickerStream?
  private var handler: PickerStreamHandler?
  private var server: PickerServer?
  /// What is to be sent, framed.
  private var unsent: [ByteBuffer] = []
  /// What was sent; `nil` where it is not kept.
  private var sent: [ByteBuffer]? = []
  /// The part of the body that is not a message yet.
  private var chunk = ByteBuffer()
  /// The same of the response's body.
  private var answer = ByteBuffer()
  /// The picker was told that the response has a body.
  private var answerHasBody = false
  private var hasReopened = false
  private var isFinished = false
  /// Within a call of the exchange, which is not to be called back.
  private var isCalled = false

  init(_ picker: ExternalPicker, clients: PickerClients, onEvent: @escaping (PickEvent) -> Void) {
    self.picker = picker
    self.clients = clients
    self.onEvent = onEvent
  }

  // MARK: PickSession

  /// A full message waits until the picker takes it.
  var room: Int { isFinished ? 0 : PickerMessages.chunkBytes - chunk.readableBytes }

  var heldBytes: Int {
    let messages = unsent.reduce(0) { $0 + $1.readableBytes } + (sent ?? []).reduce(0) { $0 + $1.readableBytes }
    return chunk.readableBytes + answer.readableBytes + messages + (stream?.bodyBytes ?? 0)
  }

  func begin(_ head: RequestHead, hasBody: Bool) {
    stream = PickerStream(hasBody: hasBody, maximumBodyBytes: clients.configuration.maximumBodyBytes)
    called {
      send(PickerMessages.head(head, hasBody: hasBody))
      connect()
    }
  }

  func body(_ bytes: UnsafeRawBufferPointer) {
    chunk.writeBytes(bytes)
    guard chunk.readableBytes >= PickerMessages.chunkBytes else { return }
    called { sendChunk(ends: false) }
  }

  func end() {
    stream?.bodyShown()
    called { sendChunk(ends: true) }
  }

  func response(_ head: ResponseHead, from endpoint: EndpointID, hasBody: Bool) {
    called {
      guard stream?.responseShown() == true else { return say(.ended) }
      answerHasBody = hasBody
      send(PickerMessages.response(head, from: endpoint, hasBody: hasBody))
    }
  }

  func responseBody(_ bytes: UnsafeRawBufferPointer) {
    guard takesResponseBody else { return }
    answer.writeBytes(bytes)
    called {
      sendResponse()
      guard answer.readableBytes > Self.maximumResponseBytes else { return }
      answer = ByteBuffer()
      malformed("it takes the response's body too slowly")
    }
  }

  func responseEnd() {
    guard takesResponseBody else { return }
    // Nothing follows: what it has not taken yet is the connection's to keep, for as long as the stream may take to end.
    called {
      while answer.readableBytes > PickerMessages.chunkBytes { sendResponse(PickerMessages.chunkBytes) }
      sendResponse(answer.readableBytes, ends: true)
    }
  }

  private var takesResponseBody: Bool {
    !isFinished && answerHasBody && stream?.phase == .watching && handler != nil
  }

  /// What the picker takes now of the response's body.
  private func sendResponse() {
    while handler?.isWritable == true, answer.readableBytes > 0 {
      sendResponse(min(answer.readableBytes, PickerMessages.chunkBytes))
    }
  }

  private func sendResponse(_ count: Int, ends: Bool = false) {
    let bytes = answer.readSlice(length: count) ?? ByteBuffer()
    if answer.readableBytes == 0 {
      answer = ByteBuffer()
    } else if answer.readerIndex > answer.readableBytes {
      // With a picker that is always a little behind, all of a long response would be kept.
      answer.discardReadBytes()
    }
    send(PickerMessages.responseBody(bytes, ends: ends))
  }

  func finish(_ ending: PickEnding) {
    guard !isFinished else { return }
    isFinished = true
    if ending == .timedOut {
      server?.failed()
      handler?.reset()
    } else {
      handler?.finish(within: .seconds(clients.configuration.closeTimeoutSeconds))
    }
    handler = nil
    (unsent, sent) = ([], nil)
  }

  // MARK: the stream

  /// The stream stands.
  func opened(_ handler: PickerStreamHandler) {
    guard !isFinished else { return handler.reset() }
    self.handler = handler
    sendAll()
    say(.hasRoom)
  }

  /// The picker takes more.
  func writable() {
    if stream?.phase == .watching { return sendResponse() }
    sendAll()
    if room > 0 { say(.hasRoom) }
  }

  func received(_ message: ByteBuffer) {
    sent = nil
    server?.breaker.succeeded()
    let reply: PickerReply
    do {
      reply = try PickerReply(serializedBytes: Array(buffer: message))
    } catch {
      return malformed("it sent a message that cannot be read")
    }
    let before = stream?.bodyBytes
    perform(stream?.received(reply) ?? [])
    // What is kept of it is to be counted.
    if let now = stream?.bodyBytes, now != before { say(.hasRoom) }
  }

  func malformed(_ reason: String) { perform(stream?.malformed(reason) ?? []) }

  /// The stream has ended.
  func closed(_ end: GRPCEnd) {
    guard !isFinished else { return }
    handler = nil
    if case .lost = end {
      if reopen() { return }
      server?.failed()
    } else {
      server?.breaker.succeeded()
    }
    perform(stream?.closed(end) ?? [])
  }

  private func perform(_ actions: [PickerStream.Action]) {
    for action in actions {
      switch action {
      case .say(let event): say(event)
      case .reset:
        handler?.reset()
        handler = nil
      }
    }
  }

  private func connect() {
    clients.connect(picker) { [self] result in
      guard !isFinished else { return }
      switch result {
      case .success(let connection):
        server = connection.server
        connection.open(PickerStreamHandler(self, authority: connection.server.endpoint.description))
      case .failure(let fault): perform(stream?.malformed(fault.reason) ?? [])
      }
    }
  }

  /// A connection may be lost just when a request takes it, which says nothing about the picker: once, the request goes over another
  /// one.
  private func reopen() -> Bool {
    guard let sent, !hasReopened, stream?.hasSpoken == false else { return false }
    hasReopened = true
    unsent = sent + unsent
    self.sent = []
    connect()
    return true
  }

  private func sendChunk(ends: Bool) {
    // What the picker does not take yet stays a chunk, so that the exchange sees that there is no room.
    guard ends || handler == nil && unsent.count < 2 || handler?.isWritable == true else { return }
    let bytes = chunk
    chunk = ByteBuffer()
    send(PickerMessages.body(bytes, ends: ends))
  }

  private func send(_ message: PickerRequest) {
    do {
      unsent.append(GRPCMessageReader.frame(try message.serializedBytes()))
    } catch {
      return malformed("a message for it cannot be written")
    }
    sendAll()
  }

  private func sendAll() {
    guard let handler, handler.isOpen else { return }
    while !unsent.isEmpty {
      let message = unsent.removeFirst()
      keep(message)
      handler.send(message)
    }
    if chunk.readableBytes >= PickerMessages.chunkBytes, handler.isWritable { sendChunk(ends: false) }
  }

  private func keep(_ message: ByteBuffer) {
    sent?.append(message)
    if let sent, sent.reduce(0, { $0 + $1.readableBytes }) > Self.maximumReplayBytes { self.sent = nil }
  }

  private func called(_ body: () -> Void) {
    isCalled = true
    body()
    isCalled = false
  }

  private func say(_ event: PickEvent) {
    guard isCalled else {
      if !isFinished { onEvent(event) }
      return
    }
    clients.loop.assumeIsolated().execute { [self] in if !isFinished { onEvent(event) } }
  }
}
