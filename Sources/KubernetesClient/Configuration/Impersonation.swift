/// In whose name requests are made, by an account that may impersonate.
///
/// Source: <https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/>
public struct Impersonation: Hashable, Sendable {
  /// The user's name.
  public var user: String
  /// The user's uid, or `nil`.
  public var uid: String?
  /// The groups; without any, the user is in none but those that every user is in.
  public var groups: [String]
  /// What an authenticator may say besides, by key.
  public var extra: [String: [String]]

  /// An impersonation of a user.
  public init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }

  /// The header fields that ask for it.
  var fields: [HTTPHeaders.Field] {
    var fields = [HTTPHeaders.Field(name: "Impersonate-User", value: user)]
    if let uid { fields.append(HTTPHeaders.Field(name: "Impersonate-Uid", value: uid)) }
    fields += groups.map { HTTPHeaders.Field(name: "Impersonate-Group", value: $0) }
    for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
      fields += values.map { HTTPHeaders.Field(name: "Impersonate-Extra-\(percentEncode(key))", value: $0) }
    }
    return fields
  }
}
