import Routing

// What is told of a request to those who may know.
extension ExchangeRunner {
  /// The head with the endpoint that sent it, for a trusted caller. What endpoints say under such names passes to nobody.
  func signed(_ head: ResponseHead) -> ResponseHead {
    guard exchange.callers != nil, let endpoint = exchange.plan?.candidates.current.endpoint else { return head }
    var signed = head
    signed.block.append(name: "x-switchyard-endpoint", value: "\(endpoint.id)", isOurs: true)
    signed.block.append(name: "x-switchyard-pod", value: "\(endpoint.pod)", isOurs: true)
    return signed
  }
}

extension ProxyExchange {
  /// Writes into the record what may cost an allocation each.
  mutating func nameInRecord() {
    if !passage.isConnection { record.path = head.pathText }
    record.requestID = requestID.text(for: head.block)
    record.client = client.address
    if let callers, let address = client.address { record.client = callers.client(of: head.block, from: address) }
  }
}
