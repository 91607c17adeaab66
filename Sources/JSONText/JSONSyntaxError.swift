/// Where and why a text is not JSON. Servers word such mistakes differently, so this names the mistake and leaves the
/// sentence to them.
package struct JSONSyntaxError: Error, Equatable, Sendable {
  /// What the reader looked for and did not find, or found and may not accept.
  package enum Kind: Equatable, Sendable {
    /// A value was due.
    case value
    /// A member's name in quotes was due, or the end of an object without members.
    case name
    /// The colon after a member's name was due.
    case colon
    /// A comma or the closing brace was due.
    case memberSeparator
    /// A comma or the closing bracket was due.
    case itemSeparator
    /// `true`, `false` or `null` began and goes on differently; `expected` is the byte that was due.
    case word(String, expected: UInt8)
    /// A digit was due after this part of a number.
    case digit(after: NumberPart)
    /// A number is larger than a double can hold.
    case numberRange
    /// A control character stands unescaped in a string.
    case controlCharacter
    /// The text ended within a string.
    case unterminatedString
    /// A backslash is followed by none of `"\/bfnrtu`.
    case escape
    /// `\u` is not followed by four hexadecimal digits.
    case unicodeEscape
    /// Arrays and objects are nested deeper than this many levels.
    case depth(Int)
    /// Something follows the value.
    case trailing
  }

  /// The parts of a number after which a digit must come.
  package enum NumberPart: Equatable, Sendable { case sign, point, exponent }

  /// The mistake.
  package var kind: Kind
  /// Index of the first byte that does not fit; the number of bytes where the text ended too early.
  package var offset: Int
  /// The byte at `offset`; `nil` where the text ended too early.
  package var byte: UInt8?
  /// Index of the first byte of the word, string, escape sequence or part of a number that is broken; else `offset`.
  package var start: Int
  /// How many arrays and objects are open at `offset`.
  package var depth: Int
}
