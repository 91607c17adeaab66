import NIOCore
import Routing
import Testing

@testable import DataPlane

/// What the readers say of themselves, and what they keep.
@Suite struct CodecReaderTests {
  @Test func aResponseHasBegunWithItsInterimOne() {
    var reader = HTTP1ResponseReader(limits: HTTP1Limits())
    #expect(!reader.hasBegun)
    reader.begin(isHead: false)
    #expect(!reader.hasBegun)
    reader.receive(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
    #expect(reader.hasBegun)
    let parts = [reader.next(), reader.next()]
    #expect(parts == [.interim, .needMore])
    // The endpoint took the request: it must not go to another as if it had not.
    #expect(reader.hasBegun)
  }

  @Test func nothingIsKeptBehindAFault() {
    var requests = HTTP1RequestReader(limits: HTTP1Limits())
    requests.receive(ByteBuffer(string: " "))
    var request = requests.next()
    #expect(request == .fault(.requestLine))
    requests.receive(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
    request = requests.next()
    #expect(request == .fault(.requestLine) && !requests.isInHead && !requests.isBetweenRequests)

    var responses = HTTP1ResponseReader(limits: HTTP1Limits())
    responses.receive(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
    var response = responses.next()
    #expect(response == .fault(.unasked))
    responses.begin(isHead: false)
    responses.receive(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
    response = responses.next()
    #expect(response == .fault(.unasked) && responses.hasBegun)
  }

  @Test func aResponseThatWasNotReadToItsEndIsNotTheNextOne() {
    var reader = HTTP1ResponseReader(limits: HTTP1Limits())
    reader.begin(isHead: false)
    reader.receive(ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"))
    let head = reader.next()
    reader.begin(isHead: false)
    let next = reader.next()
    #expect(head == .head(.length(90)) && next == .fault(.unasked))
  }

  @Test func stateOfARequest() {
    var reader = HTTP1RequestReader(limits: HTTP1Limits())
    #expect(reader.isBetweenRequests && !reader.isInHead && reader.bodyLeft == 0)
    var part = HTTP1RequestReader.Part.end
    reader.receive(ByteBuffer(string: "POST / HTTP/1.1\r\nContent-Length: 5\r\n"))
    part = reader.next()
    #expect(part == .needMore && reader.isInHead && reader.isBetweenRequests)
    reader.receive(ByteBuffer(string: "\r\nhe"))
    part = reader.next()
    #expect(part == .head(.length(5), hosts: 0))
    #expect(!reader.isInHead && !reader.isBetweenRequests && reader.bodyLeft == 5)
    part = reader.next()
    #expect(part == .body(ByteBuffer(string: "he")) && reader.bodyLeft == 3)
    reader.receive(ByteBuffer(string: "lloPO"))
    part = reader.next()
    #expect(part == .body(ByteBuffer(string: "llo")) && reader.bodyLeft == 0)
    part = reader.next()
    #expect(part == .end && reader.isInHead && reader.isBetweenRequests)
    reader.shrink()
    #expect(reader.head.methodText == "POST")
  }

  @Test func onlyAConnectionThatEndsABodyEndsOne() {
    var reader = HTTP1ResponseReader(limits: HTTP1Limits())
    reader.begin(isHead: false)
    let isOver = reader.close()
    reader.receive(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\na"))
    let parts = [reader.next(), reader.next()]
    #expect(!isOver && parts == [.head(.untilClose), .body(ByteBuffer(string: "a"), data: 1)])
    let isOverNow = reader.close()
    #expect(isOverNow && !reader.hasBegun)
  }

  /// A client whose every packet ends within a head may go on for ever; what was read does not pile up behind it.
  @Test func whatIsReadIsNotKept() {
    var input = HTTP1Input()
    let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    input.receive(ByteBuffer(bytes: request[..<3]))
    for _ in 0..<10_000 {
      input.receive(ByteBuffer(bytes: request[3...] + request[..<3]))
      input.consume(request.count)
    }
    #expect(input.count == 3 && input.rest.capacity < 1024)
  }
}
