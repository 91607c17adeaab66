import Testing

@testable import KubernetesSchema

/// Patterns mean what RE2 makes of them, which is what the API server uses.
struct PatternTests {
  private static let controllerName =
    #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$"#

  @Test(arguments: [
    ("^a$", "a", true),
    ("^a$", "a\n", false),
    ("b", "abc", true),
    (#"^\d+$"#, "42", true),
    (#"^\d+$"#, "\u{664}\u{662}", false),
    (#"^[\w.]+$"#, "a_1.b", true),
    (#"^[\w]+$"#, "\u{e9}", false),
    ("^[[:alpha:]]+$", "abc", true),
    ("^[]a]+$", "a]", true),
    ("^[^]a]+$", "b", true),
    ("^[^]a]+$", "]", false),
    ("^[a&&b]+$", "a&b", true),
    ("^[$]$", "$", true),
    (#"^\$$"#, "$", true),
    (controllerName, "switchyard.example/controller", true),
    (controllerName, "switchyard", false),
    ("^$|^a$", "", true),
  ])
  func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
    #expect(try SchemaPattern(pattern).matches(text) == expected)
  }

  @Test(arguments: ["[", "(", "a{2,1}", "*"]) func badPatternsAreRefused(_ pattern: String) {
    #expect(throws: PatternError(pattern: pattern)) { try SchemaPattern(pattern) }
  }
}
