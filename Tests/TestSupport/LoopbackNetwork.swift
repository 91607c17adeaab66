/// The first three bytes of addresses of this machine, drawn so that nothing else is likely to use them: `127.A.B`.
public func randomLoopbackNetwork() -> String { "127.\(UInt8.random(in: 64...250)).\(UInt8.random(in: 1...250))" }
