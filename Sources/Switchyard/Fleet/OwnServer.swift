import ArgumentParser

/// A model server of the user's own, as `--endpoint POOL=ADDRESS:PORT` names it.
struct OwnServer: ExpressibleByArgument, Sendable, Equatable {
  var pool: String
  var address: String
  var port: Int

  init?(argument: String) {
    let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard halves.count == 2, let colon = halves[1].lastIndex(of: ":"),
      let port = Int(halves[1][halves[1].index(after: colon)...]), (1...65_535).contains(port)
    else { return nil }
    pool = halves[0]
    let host = String(halves[1][..<colon])
    address = host == "localhost" ? "127.0.0.1" : host
    self.port = port
    guard !pool.isEmpty, !address.isEmpty else { return nil }
  }
}
