import DataPlane
import Observability
import Routing

extension ProxyObserver {
  /// An observer that counts into the gateway's instruments.
  init(_ instruments: GatewayInstruments) {
    self.init(
      requestStarted: { instruments.inFlight.add(1) },
      requestFinished: { record in
        instruments.inFlight.add(-1)
        let pool = record.pool?.description ?? ""
        let model = record.modelLabel
        instruments.requests.increment([pool, model, String(record.status)])
        instruments.duration.observe(Double(record.durationNanoseconds) / 1e9, [pool, model])
        if let first = record.firstByteNanoseconds {
          instruments.timeToFirstByte.observe(Double(first) / 1e9, [pool, model])
        }
        if record.attempts > 1 { instruments.retries.increment([pool], by: UInt64(record.attempts - 1)) }
      })
  }
}
