import Foundation
import Routing
import TestSupport
import Testing

@Suite("Compressed bodies") struct ContentDecoderTests {
  private struct Decoded: Equatable {
    var bytes: [UInt8] = []
    var fault: ContentDecoder.Fault?
  }

  private static func decode(
    _ coding: ContentCoding, _ coded: [UInt8], pieces: Int = .max, maximumBytes: Int = 1 << 24
  ) -> Decoded {
    var decoder = ContentDecoder(coding, maximumBytes: maximumBytes)
    var result = Decoded()
    var rest = coded[...]
    while !rest.isEmpty {
      Array(rest.prefix(pieces)).withUnsafeBytes { decoder.decode($0) { result.bytes += $0 } }
      rest = rest.dropFirst(pieces)
    }
    decoder.finish()
    result.fault = decoder.fault
    return result
  }

  @Test("a member of gzip is undone, wherever it is cut, and so is another behind it") func members() {
    let text = String(repeating: "Where is the model? ", count: 200)
    let coded = storedGzip(text)
    for pieces in [1, 3, 1000, .max] {
      #expect(Self.decode(.gzip, coded, pieces: pieces) == Decoded(bytes: Array(text.utf8)))
      #expect(Self.decode(.gzip, coded + storedGzip("!"), pieces: pieces).bytes == Array((text + "!").utf8))
    }
    #expect(Self.decode(.gzip, []) == Decoded())
    #expect(Self.decode(.gzip, storedGzip("")) == Decoded())
    #expect(Self.decode(.deflate, [0x4B, 0x04, 0x00]).bytes == [UInt8(ascii: "a")])
  }

  @Test(
    "what is no stream is told, and where",
    arguments: [
      ("GET ", 0, "does not begin"), ("\u{1F}", 1, "too early"), ("\u{1F}\u{8}", 1, "does not begin"),
    ])
  func heads(text: String, offset: Int, reason: String) {
    let coded = text.unicodeScalars.map { UInt8($0.value) }
    guard case .malformed(let found, let why) = Self.decode(.gzip, coded).fault else { return #expect(Bool(false)) }
    #expect(why.contains(reason), "\(found) \(why)")
  }

  @Test("every damage to a stream is seen") func damage() {
    let coded = storedGzip("Where is the model?")
    for index in coded.indices where !(4..<10).contains(index) && index != 10 {
      for bit in 0..<8 {
        var damaged = coded
        damaged[index] ^= 1 << UInt8(bit)
        // The flag that says that a head is text means nothing.
        if index == 3 && bit == 0 { continue }
        #expect(Self.decode(.gzip, damaged).fault != nil, "byte \(index), bit \(bit)")
      }
    }
    for count in 1..<coded.count { #expect(Self.decode(.gzip, Array(coded[..<count])).fault != nil) }
    #expect(Self.decode(.gzip, coded + [0]).fault != nil)
  }

  @Test("no more comes out than may") func size() {
    let coded = storedGzip(String(repeating: "x", count: 5000))
    #expect(Self.decode(.gzip, coded, maximumBytes: 5000).fault == nil)
    #expect(Self.decode(.gzip, coded, maximumBytes: 4999).fault == .tooLarge)
  }

  /// Streams that Python's zlib makes, some of them damaged, and what it makes of those.
  @Test("agrees with zlib", .enabled(if: isInstalled("python3"))) func zlib() throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(tool("python3")))
    process.arguments = ["-c", Self.script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    var (sound, damaged) = (0, 0)
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ")
      let coding = try #require(ContentCoding(rawValue: String(parts[0])))
      let coded = [UInt8](try #require(Data(base64Encoded: String(parts[1]))))
      let plain =
        parts[2] == "!" ? nil : parts[2] == "=" ? [] : [UInt8](try #require(Data(base64Encoded: String(parts[2]))))
      let decoded = Self.decode(coding, coded, pieces: 1 + sound % 700)
      if let plain {
        sound += 1
        #expect(decoded == Decoded(bytes: plain), "\(coding) \(coded.prefix(200)) \(decoded.fault.debugDescription)")
      } else {
        damaged += 1
        #expect(decoded.fault != nil && decoded.fault != .tooLarge, "\(coding) \(coded)")
      }
    }
    #expect(sound > 150 && damaged > 300, "\(sound) \(damaged)")
  }

  @Test("what is made to grow is refused early") func bomb() {
    let coded = deflatedRun(behind: "a", matches: 30_000)
    let decoded = Self.decode(.deflate, coded)
    #expect(decoded.fault == .tooLarge && decoded.bytes.count <= ContentDecoder.freeBytes + 1 << 15)
    #expect(
      Self.decode(.deflate, deflatedRun(behind: "ab", matches: 3)).bytes == Array("a".utf8)
        + [UInt8](repeating: 98, count: 775))
  }

  private static let script = """
    import base64, gzip, random, zlib
    random.seed(7)
    def show(b): return base64.b64encode(b).decode() or '='
    def undone(coding, coded):
        out = b''
        if coding == 'gzip':
            while coded:
                d = zlib.decompressobj(31)
                out += d.decompress(coded)
                if not d.eof: return None
                coded = d.unused_data
            return out
        isZlib = len(coded) > 1 and coded[0] & 15 == 8 and coded[0] >> 4 <= 7 and (coded[0] << 8 | coded[1]) % 31 == 0
        d = zlib.decompressobj(15 if isZlib else -15)
        out = d.decompress(coded)
        return out if d.eof and not d.unused_data else None
    def tell(coding, coded):
        try: plain = undone(coding, coded)
        except zlib.error: plain = None
        print(coding, show(coded), '!' if plain is None else show(plain))
    few = bytes(random.choice(b'ab') for _ in range(33000))
    plains = [b'', b'a', b'abc' * 300, bytes(random.randrange(256) for _ in range(3000)), few + few[:2000], few[:32768] * 2,
        b'{"model":"m","prompt":"' + b' '.join(random.choice([b'the', b'sky', b'is', b'blue', b'why']) for _ in range(4000)) + b'"}',
        bytes(i * i >> 7 & 63 for i in range(70000)), bytes(range(256)) * 40, b'x' * 100000]
    samples = []
    for plain in plains:
        for level, strategy in [(0, 0), (1, 0), (6, 0), (9, 0), (6, zlib.Z_HUFFMAN_ONLY), (6, zlib.Z_RLE), (6, zlib.Z_FIXED)]:
            for coding, wbits in [('gzip', 31), ('deflate', 15), ('deflate', -15), ('deflate', 9)]:
                c = zlib.compressobj(level, zlib.DEFLATED, wbits, 9 if level == 9 else 1, strategy)
                coded = c.compress(plain[:len(plain) // 2]) + c.flush(random.choice([zlib.Z_NO_FLUSH, zlib.Z_FULL_FLUSH]))
                coded += c.compress(plain[len(plain) // 2:]) + c.flush()
                tell(coding, coded)
                if len(coded) < 3000: samples.append((coding, coded))
    member = gzip.compress(b'member')
    body = member[10:]
    for head in [b'\\x08' + b'\\0' * 6 + b'name\\0', b'\\x10' + b'\\0' * 6 + b'comment\\0', b'\\x04' + b'\\0' * 6 + b'\\x03\\0abc',
            b'\\x1d' + b'\\0' * 6 + b'\\x02\\0abname\\0comment\\0', b'\\x40' + b'\\0' * 6]:
        tell('gzip', b'\\x1f\\x8b\\x08' + head + body)
        tell('gzip', member + b'\\x1f\\x8b\\x08' + head + body)
    tell('gzip', member + b'x'); tell('gzip', member + member[:5]); tell('deflate', zlib.compress(b'x') + b'x')
    for _ in range(1500):
        coding, coded = random.choice(samples)
        coded = bytearray(coded)
        for _ in range(random.randrange(1, 4)):
            if not coded: break
            place = random.randrange(len(coded)) if random.random() < .5 else random.randrange(min(len(coded), 80))
            what = random.randrange(4)
            if what == 0: coded[place] ^= 1 << random.randrange(8)
            elif what == 1: coded[place] = random.randrange(256)
            elif what == 2: del coded[place:place + random.randrange(1, 9)]
            else: coded = coded[:place]
        if coding == 'gzip' and (len(coded) < 4 or coded[3] & 2): continue
        if coded: tell(coding, bytes(coded))
    """
}
