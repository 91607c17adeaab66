import JSONText
import Testing

@testable import ModelServer

@Suite("Mistakes in JSON as Python reports them")
struct PythonJSONErrorTests {
  @Test(
    "Mistakes are reported with the words and place of json.loads",
    arguments: [
      ("{not json", "Expecting property name enclosed in double quotes", 1),
      ("{\"a\" 1}", "Expecting ':' delimiter", 5),
      ("{\"a\":1 \"b\":2}", "Expecting ',' delimiter", 7),
      ("[1,]", "Expecting value", 3),
      ("nul", "Expecting value", 0),
      ("{} x", "Extra data", 3),
      ("\"é", "Unterminated string starting at", 0),
      ("[\"é\\q\"]", "Invalid \\escape", 3),
      ("\"\\u12g4\"", "Invalid \\uXXXX escape", 2),
      ("\"a\nb\"", "Invalid control character at", 2),
      ("", "Expecting value", 0),
      ("-", "Expecting value", 0),
      ("01", "Extra data", 1),
      ("[01]", "Expecting ',' delimiter", 2),
      ("1.", "Extra data", 1),
      ("{\"é\":1e+}", "Expecting ',' delimiter", 6),
      ("+1", "Expecting value", 0),
      ("\"a\\", "Unterminated string starting at", 0),
    ])
  func mistakes(text: String, message: String, position: Int) throws {
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(text) }
    let python = PythonJSONError(error, in: Array(text.utf8))
    #expect(python.message == message)
    #expect(python.position == position)
  }
}
