import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import TestSupport
import Testing

/// The endpoint's end of a connection of HTTP/2, in memory: what the gateway sends is frames here, and what the endpoint sends reaches
/// the gateway in pieces.
final class HTTP2Peer {
  private let channel: EmbeddedChannel
  private let gateway: EmbeddedChannel
  private(set) var frames: [HTTP2Frame] = []
  /// Bytes that the endpoint has sent and the gateway has not read.
  private(set) var pending = ByteBuffer()

  /// - Parameter gateway: the gateway's end.
  init(_ gateway: EmbeddedChannel, settings: HTTP2Settings = []) throws {
    self.gateway = gateway
    channel = EmbeddedChannel(loop: gateway.embeddedEventLoop)
    try channel.pipeline.syncOperations.addHandler(
      NIOHTTP2Handler(
        mode: .server, initialSettings: settings, headerBlockValidation: .disabled, contentLengthValidation: .disabled))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 3)).wait()
    try exchange()
  }

  /// Brings both sides all that the other has written.
  func exchange() throws {
    var goesOn = true
    while goesOn {
      goesOn = false
      gateway.embeddedEventLoop.run()
      while let bytes = try gateway.readOutbound(as: ByteBuffer.self) {
        goesOn = true
        try channel.writeInbound(bytes)
      }
      while let frame = try channel.readInbound(as: HTTP2Frame.self) { frames.append(frame) }
      collect()
      if pending.readableBytes > 0 {
        goesOn = true
        try deliver(pending.readableBytes)
      }
    }
  }

  /// The endpoint sends this; ``deliver(_:)`` brings it to the gateway.
  func send(_ id: HTTP2StreamID, _ payload: HTTP2Frame.FramePayload) throws {
    // What no window lets go is sent later.
    channel.writeAndFlush(HTTP2Frame(streamID: id, payload: payload), promise: nil)
    channel.embeddedEventLoop.run()
    collect()
  }

  func head(_ id: HTTP2StreamID, _ fields: [(String, String)], ends: Bool = false) throws {
    try send(id, .headers(.init(headers: HPACKHeaders(fields), endStream: ends)))
  }

  func data(_ id: HTTP2StreamID, _ text: String, ends: Bool = false) throws {
    try send(id, .data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: ends)))
  }

  /// The gateway reads so many bytes, in one go.
  func deliver(_ count: Int) throws {
    guard let bytes = pending.readSlice(length: count) else { return }
    try gateway.writeInbound(bytes)
    gateway.embeddedEventLoop.run()
  }

  /// The endpoint closes the connection.
  func close() throws {
    _ = try gateway.finish(acceptAlreadyClosed: true)
    gateway.embeddedEventLoop.run()
  }

  /// The requests that have come: the fields of their heads.
  var requests: [HPACKHeaders] {
    frames.compactMap { frame in
      guard case .headers(let payload) = frame.payload, payload.headers.contains(name: ":method") else { return nil }
      return payload.headers
    }
  }

  /// The bytes of a request's body.
  func body(_ id: HTTP2StreamID) -> String {
    var text = ""
    for frame in frames where frame.streamID == id {
      if case .data(let payload) = frame.payload, case .byteBuffer(let piece) = payload.data {
        text += String(buffer: piece)
      }
    }
    return text
  }

  /// Why the gateway has reset a stream.
  func reset(_ id: HTTP2StreamID) -> HTTP2ErrorCode? {
    for frame in frames where frame.streamID == id { if case .rstStream(let code) = frame.payload { return code } }
    return nil
  }

  private func collect() {
    do {
      while var bytes = try channel.readOutbound(as: ByteBuffer.self) { pending.writeBuffer(&bytes) }
    } catch {
      Issue.record(error)
    }
  }
}
