extension TranslationResult: CustomStringConvertible {
  /// The table and all statuses as YAML for people: complete, in a fixed order, one line a rule, endpoint or condition.
  public var description: String {
    YAMLText.map([("table", text(of: table)), ("statuses", text(of: statuses))]).lines.joined(separator: "\n") + "\n"
  }
}
