/// Decides when a credential plugin is run: once for all that ask meanwhile, and not again before its credential ends or
/// is refused. Reads no clock; times are seconds since 1970.
struct ExecCredentialCache {
  /// What to do for somebody who needs the credential.
  enum Verdict {
    case use(ExecCredential)
    /// It failed a moment ago.
    case fail(any Error)
    /// Run the program, and say `finished`.
    case run
    /// It runs already: wait for its end.
    case wait
  }

  /// A credential is given up so many seconds before its end: a request takes its time, and clocks differ.
  static let margin: Int64 = 10
  /// After a failure so many seconds pass before the program is run again, however many ask.
  static let rest: Int64 = 5

  private var credential: ExecCredential?
  private var failure: (error: any Error, at: Int64)?
  private var isRunning = false

  /// What to do for somebody who needs the credential now.
  mutating func ask(now: Int64) -> Verdict {
    if isRunning { return .wait }
    if let credential, credential.expiration.map({ now < $0 - Self.margin }) ?? true { return .use(credential) }
    // A clock that was set back must not keep a failure for long.
    if let failure, (0..<Self.rest).contains(now - failure.at) { return .fail(failure.error) }
    isRunning = true
    return .run
  }

  /// The program ended.
  mutating func finished(_ outcome: Result<ExecCredential, any Error>, now: Int64) {
    isRunning = false
    switch outcome {
    case .success(let fresh): (credential, failure) = (fresh, nil)
    case .failure(let error): (credential, failure) = (nil, (error, now))
    }
  }

  /// The server does not take the credential.
  mutating func refused() { credential = nil }
}
