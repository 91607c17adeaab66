import NIOCore
import NIOHPACK
import Routing
import Testing

@testable import DataPlane

/// What a header list becomes, and which are refused.
@Suite struct HTTP2RequestTests {
  private static let usual = [
    (":method", "POST"), (":scheme", "https"), (":path", "/v1/x?a=b"), (":authority", "shop.example"),
  ]

  private static func read(
    _ list: [(String, String)], endsStream: Bool = true
  ) -> (head: RequestHead, framing: BodyFraming, fault: GatewayError?) {
    var head = RequestHead()
    let (framing, fault) = HTTP2RequestReader.read(
      HPACKHeaders(list), endsStream: endsStream, limits: HTTP1Limits(fields: 8), into: &head)
    return (head, framing, fault)
  }

  @Test func aRequestHasItsParts() {
    let (head, framing, fault) = Self.read(
      Self.usual + [("cookie", "a=1"), ("content-type", "application/json"), ("cookie", "b=2"), ("te", "trailers")])
    #expect(fault == nil && framing == .none && head.version == .http2)
    #expect(head.methodText == "POST" && head.pathText == "/v1/x" && head.queryText == "a=b")
    #expect(head.hostText == "shop.example" && head.block.text(.contentType) == "application/json")
    #expect(head.block.text("cookie") == "a=1; b=2")
    #expect(head.block.fields.count { head.block.text($0.name) == "cookie" } == 1)
  }

  @Test func thePathIsResolvedAsThatOfHTTP1() {
    var list = Self.usual
    list[2].1 = "/v1/a/%2e%2e/x"
    #expect(Self.read(list).head.pathText == "/v1/x")
  }

  @Test(
    arguments: [
      ([], false, .chunked), ([], true, BodyFraming.none), ([("content-length", "5")], false, .length(5)),
      ([("content-length", "0")], true, .length(0)),
    ] as [([(String, String)], Bool, BodyFraming)])
  func theBodyIsFramed(_ fields: [(String, String)], endsStream: Bool, _ expected: BodyFraming) {
    let read = Self.read(Self.usual + fields, endsStream: endsStream)
    #expect(read.fault == nil && read.framing == expected)
  }

  @Test func theHostFieldStandsInForTheAuthority() {
    #expect(Self.read(Self.usual.dropLast() + [("host", "a.example")]).head.hostText == "a.example")
    #expect(Self.read(Self.usual + [("host", "SHOP.example")]).fault == nil)
    #expect(Self.read(Array(Self.usual.dropLast())).fault?.kind == .missingHost)
  }

  @Test(arguments: [
    [("connection", "close")], [("keep-alive", "1")], [("transfer-encoding", "chunked")], [("upgrade", "x")],
    [("te", "gzip")], [("Content-Type", "x")], [("a b", "x")], [("", "x")], [("x", "a\r\nb: c")], [("x", "a\u{0}")],
    [("x", " a")], [("x", "a\t")], [("x\r\ny", "a")], [(":status", "200")], [(":path", "/again")],
    [("content-length", "5"), ("content-length", "5")], [("content-length", "+5")], [("content-length", "5, 5")],
    [("host", "other.example")], [("x", "1"), (":late", "1")],
  ])
  func whatTwoCouldReadInTwoWaysIsRefused(_ fields: [(String, String)]) {
    #expect(Self.read(Self.usual + fields).fault?.kind == .invalidHTTP)
  }

  @Test(
    arguments: [
      (0, "", .invalidHTTP), (0, "GE T", .invalidHTTP), (0, "CONNECT", .methodNotSupported), (1, "ftp", .invalidHTTP),
      (2, "", .invalidTarget), (2, "v1", .invalidTarget), (2, "/a b", .invalidTarget), (2, "/a#b", .invalidTarget),
      (2, "http://x/", .invalidTarget), (2, "/é", .invalidTarget), (3, "a@b", .invalidTarget),
      (3, "a b", .invalidTarget),
    ] as [(Int, String, GatewayError.Kind)])
  func aPartThatIsNoneIsRefused(_ part: Int, _ value: String, _ expected: GatewayError.Kind) {
    var list = Self.usual
    list[part].1 = value
    #expect(Self.read(list).fault?.kind == expected)
  }

  @Test(arguments: 0..<3) func aPartMustBeThere(_ part: Int) {
    var list = Self.usual
    list.remove(at: part)
    #expect(Self.read(list).fault != nil)
  }

  @Test func thereAreOnlySoManyFields() {
    #expect(Self.read(Self.usual + (0..<9).map { ("x-\($0)", "") }).fault?.kind == .headersTooLarge)
    #expect(Self.read(Self.usual + (0..<8).map { ("x-\($0)", "") }).fault == nil)
  }

  @Test func aWindowIsOpenedWhenHalfIsUsed() {
    var window = ReceiveWindow(target: 100, left: 100)
    var opened = [window.changed(to: 51), window.changed(to: 50)]
    #expect(opened == [nil, 50])
    window.hold(60)
    opened = [window.changed(to: 40), window.release(30), window.release(30), window.changed(to: -10)]
    #expect(opened == [nil, nil, 60, 110])
  }

  @Test func requestsThatAreTakenBackAreEarnedByOthers() {
    var budget = ResetBudget()
    var allowed: [Bool] = []
    for _ in 0..<ResetBudget.most { allowed.append(budget.reset()) }
    #expect(allowed.allSatisfy { $0 })
    budget.answered()
    allowed = [budget.reset(), budget.reset()]
    #expect(allowed == [true, false])
  }

  @Test func smallPiecesMakeOneFrame() {
    var body = HTTP2Body()
    let first = ByteBuffer(string: "a")
    var frames = [body.add(first), body.add(ByteBuffer(string: "b")), body.add(ByteBuffer()), body.take(), body.take()]
    #expect(frames == [nil, nil, nil, ByteBuffer(string: "ab"), nil] && first == ByteBuffer(string: "a"))
    let large = ByteBuffer(repeating: 1, count: HTTP2Body.joinedLimit)
    frames = [body.add(large), body.take(), body.add(first), body.add(large), body.take()]
    #expect(frames == [large, nil, nil, first, large])
  }
}
