import JSONText
import KubernetesAPI
import Testing

@testable import KubernetesSchema

struct CELTests {
  private static let subject: JSONValue = [
    "name": "chat", "n": 3, "list": [1, 2, 2], "ports": [["number": 80], ["number": 81]],
    "labels": ["app": "x"], "namespace": "ns", "t": "90s", "empty": [], "f": 1.5,
  ]

  @Test(arguments: [
    ("1 + 2 * 3 == 7 && 7 % 4 == 3 && -2 < 0 && 7 / 2 == 3", "true"),
    ("self.name + 'bot' == \"chatbot\"", "true"),
    ("self.list.all(x, x > 0)", "true"),
    ("self.list.exists(x, x == 2) && !self.list.exists_one(x, x == 2)", "true"),
    ("self.list.filter(x, x == 2).size() == 2 && self.list.map(x, x * 2) == [2, 4, 4]", "true"),
    ("self.list.map(x, x > 1, x * 2) == [4, 4]", "true"),
    ("self.ports.all(a, self.ports.exists_one(b, a.number == b.number))", "true"),
    ("has(self.name) && !has(self.other)", "true"),
    ("has(self.other) ? self.other.x == 1 : true", "true"),
    ("self.missing == 1 || self.n == 3", "true"),
    ("self.n == 3 || self.missing == 1", "true"),
    ("self.missing == 1 && self.n == 4", "false"),
    ("self.list.exists(x, self.missing == x || x == 2)", "true"),
    ("'app' in self.labels && 3 in [1, 3] && !('b' in self.labels)", "true"),
    ("self.labels.all(key, key.matches('^[a-z]+$'))", "true"),
    ("self.__namespace__ == 'ns'", "true"),
    ("self.name.startsWith('ch') && self.name.endsWith('at') && self.name.contains('ha')", "true"),
    (#"self.name.matches(r"""^[a-z]+$""") && 'a\\b' == r'a\b'"#, "true"),
    ("duration(self.t) > duration('1m') && duration('0s') == duration('0m')", "true"),
    ("'a/b'.split('/')[0].size() == 1", "true"),
    ("size(self.empty) == 0 && size('héé') == 3", "true"),
    ("string(self.n) == '3' && int('4') == 4 && double(self.n) == 3.0", "true"),
    ("self.n == 3.0 && self.f > 1", "true"),
    ("{'a': 1}['a'] == 1 && {'a': [1]}.a[0] == 1", "true"),
    ("!(true && false) && !!true", "true"),
    ("self.n > 2 ? (self.n < 2 ? false : true) : self.n == 1 ? true : false", "true"),
    ("self.missing == 1", "error: no such key: missing"),
    ("self.list[9] == 1", "error: index out of bounds: 9"),
    ("self.name < 3", "error: no such overload: _<_(string, int)"),
    ("1 / 0 == 1", "error: division by zero"),
    ("9223372036854775807 + 1 > 0", "error: integer overflow"),
    ("self.list.all(x, self.missing == x)", "error: no such key: missing"),
    (
      "isIP('10.0.0.1') && isIP('2001:db8::1') && !isIP('a.b') && !isIP('010.0.0.1') && !isIP('::ffff:1.2.3.4')", "true"
    ),
    (
      "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/33') && !isCIDR('::/08') && isCIDR('::/0')",
      "true"
    ),
    ("'abcab'.lastIndexOf('ab') == 3 && 'abc'.lastIndexOf('x') == -1 && 'abc'.lastIndexOf('') == 3", "true"),
    (
      "'%s has %d of %.1f%% in %s'.format([self.name, self.n, 1.25, self.list]) == 'chat has 3 of 1.2% in [1, 2, 2]'",
      "true"
    ),
    ("'%x %b'.format([255, 5]) == 'ff 101'", "true"),
    ("'%d'.format([]) == ''", "error: index 0 out of range"),
    ("'%d'.format(['x']) == ''", "error: no formatting clause %d for string"),
    ("sets.contains([1, 2], [2.0]) && sets.equivalent([1, 2, 2], [2, 1]) && !sets.intersects([1], [2])", "true"),
    ("self.name.charAt(0) == 'c' && self.name.charAt(4) == ''", "true"),
    (#"'e\u0301x'.charAt(1) == '\u0301' && 'e\u0301x'.charAt(2) == 'x'"#, "true"),
    (
      "self.name.charAt(9223372036854775807) == ''",
      "error: index out of range: 9223372036854775807..9223372036854775807 in a string of 4"
    ),
    ("self.name.charAt(-1) == ''", "error: index out of range: -1..0 in a string of 4"),
    (
      "self.name.substring(1, 9223372036854775807) == ''",
      "error: index out of range: 1..9223372036854775807 in a string of 4"
    ),
    (
      "self.name.substring(-9223372036854775807) == ''",
      "error: index out of range: -9223372036854775807..4 in a string of 4"
    ),
    (
      "'a,b,c'.split(',', 9223372036854775807).size() == 3 && 'a,b'.split(',', -9223372036854775807).size() == 2",
      "true"
    ),
    ("self.list[9223372036854775807] == 1", "error: index out of bounds: 9223372036854775807"),
    ("-(-9223372036854775807 - 1) > 0", "error: integer overflow"),
    ("(-9223372036854775807 - 1) / -1 > 0", "error: integer overflow"),
    ("(-9223372036854775807 - 1) % -1 == 0", "error: integer overflow"),
    ("int(1e300) > 0", "error: integer overflow or not a number"),
    ("[9223372036854775807, 1].sum() > 0", "error: integer overflow"),
    ("duration('2562047h') + duration('2562047h') > duration('0s')", "error: integer overflow"),
    ("duration('-9223372036s').getMilliseconds() < 0", "true"),
    ("// one\n// two\ntrue", "true"),
  ])
  func evaluates(_ source: String, _ expected: String) throws {
    let program = try CELProgram(source, variables: ["self"])
    var found: String
    do {
      found =
        switch try program.evaluate(["self": CELValue(Self.subject, nil)]) {
        case .bool(let flag): String(flag)
        case let other: other.typeName
        }
    } catch {
      found = "error: \(error)"
    }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("self.a ==", "Syntax error: unexpected the end"),
    ("self.a = 1", "Syntax error at column 8: unexpected '='"),
    ("other > 1", "undeclared reference to 'other'"),
    ("self.frobnicate()", "undeclared reference to 'frobnicate'"),
    ("size(self, self) > 1", "found no matching overload for 'size' with 2 arguments"),
    ("has(self)", "invalid argument to has() macro"),
    ("'abc", "Syntax error at column 1: unterminated string"),
    ("(1 + 2", "Syntax error: unexpected the end, expecting ')'"),
    ("self.all(x, x > 1", "Syntax error: unexpected the end, expecting ')'"),
  ])
  func refusesToCompile(_ source: String, _ message: String) {
    #expect(throws: CELError(message)) { try CELProgram(source, variables: ["self"]) }
  }

  /// A hostile rule is refused; it must not take the stack, and the process, with it.
  @Test(arguments: ["+ 1", "== 1", ".a", "[0]", ".size()", "* 1", "? 1 : 1", "- (1"])
  func nestingIsBounded(step: String) {
    let chain = "1" + String(repeating: " " + step, count: 50_000)
    #expect(throws: CELError.self) { try CELProgram(chain, variables: []) }
    var mixed = "1"
    for _ in 0..<150 { mixed = "(\(mixed) + 1 + 1 + 1 + 1)" }
    #expect(throws: CELError("Syntax error: expression is nested too deeply")) { try CELProgram(mixed, variables: []) }
  }

  /// Each would make gigabytes, or compare for hours, of a short text.
  @Test(arguments: [
    "DOUBLED.size() > 0", "[LISTS].join('').size() > 0", "'%s'.format([LISTS]).size() > 0", "LISTS == LISTS",
    "BIG.replace('x', BIG).replace('x', BIG).size() > 0", "MANY.map(a, BIG).join(BIG).size() > 0",
    "MANY.map(a, BIG).sum().size() > 0", "MANY.map(a, BIG + 'y').size() > 0",
    "MANY.all(a, BIG.split('').size() > 0 && BIG.upperAscii() != '')",
  ])
  func valuesAreBounded(source: String) throws {
    func nested(_ start: String, _ body: (String) -> String, times: Int) -> String {
      (0..<times).reduce(start) { text, _ in body(text) }
    }
    // Twice as large at each level: `[v].map(v, [v, v])[0]`.
    let lists = nested("['xxxxxxxxxx']", { "[\($0)].map(v, [v, v])[0]" }, times: 36)
    let doubled = nested("'xxxxxxxxxx'", { "[\($0)].map(v, v + v)[0]" }, times: 36)
    let text = source.replacing("DOUBLED", with: doubled).replacing("LISTS", with: lists)
      .replacing("BIG", with: "self.big").replacing("MANY", with: "self.many")
    let program = try CELProgram(text, variables: ["self"])
    let subject: JSONValue = [
      "big": .string(String(repeating: "x", count: 100_000)), "many": .array(Array(repeating: 1, count: 10_000)),
    ]
    #expect(throws: CELError("cost limit exceeded")) { try program.evaluate(["self": CELValue(subject, nil)]) }
  }

  @Test func whatRulesUsuallyDoIsWithinTheBounds() throws {
    let subject: JSONValue = [
      "text": .string(String(repeating: "x", count: 1_000_000)),
      "names": .array((0..<500).map { .string("name-\($0)") }),
    ]
    let program = try CELProgram(
      "(self.text + self.text).size() == 2000000 && self.names.all(n, self.names.exists_one(m, m == n)) "
        + "&& self.names.join(',').split(',').size() == 500 && self.text == self.text", variables: ["self"])
    #expect(try program.evaluate(["self": CELValue(subject, nil)]) == .bool(true))
  }

  @Test func parenthesesAreBounded() {
    for (open, close) in [("(", ")"), ("[", "]"), ("!(", ")"), ("has(", ")"), ("{'a': ", "}")] {
      let deep = String(repeating: open, count: 10_000) + "1" + String(repeating: close, count: 10_000)
      #expect(throws: CELError.self) { try CELProgram(deep, variables: []) }
    }
  }

  /// Long chains of conditions are usual in generated rules, and comments in any.
  @Test(arguments: ["&&", "||"])
  func longChainsOfConditionsAreFine(symbol: String) throws {
    let terms = Array(repeating: "self.n == 3", count: 50_000).joined(separator: " \(symbol) ")
    let program = try CELProgram(String(repeating: "// why\n", count: 50_000) + terms, variables: ["self"])
    #expect(try program.evaluate(["self": CELValue(Self.subject, nil)]) == .bool(true))
  }

  @Test func workIsBounded() throws {
    let nested = "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d >= 0))))"
    let numbers = JSONValue.array((0..<100).map { .integer(Int64($0)) })
    let program = try CELProgram(nested, variables: ["self"])
    #expect(throws: CELError("cost limit exceeded")) { try program.evaluate(["self": CELValue(numbers, nil)]) }
  }
}
