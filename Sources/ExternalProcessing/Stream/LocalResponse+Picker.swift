import Routing

extension LocalResponse {
  /// Bytes that the body of a picker's own answer may have.
  static let maximumBodyBytes = 1 << 20

  /// The answer that a picker gives in place of an endpoint.
  ///
  /// - Throws: where no client could be sent it.
  init(_ answer: Envoy_Service_ExtProc_V3_ImmediateResponse) throws(PickerFault) {
    let status = Int(answer.status.code)
    guard (200...599).contains(status) else { throw PickerFault("it answers with status \(status), which is none") }
    let body = Array(answer.body)
    guard body.count <= Self.maximumBodyBytes else {
      throw PickerFault("its answer has \(body.count) bytes; \(Self.maximumBodyBytes) are taken")
    }
    var block = FieldBlock()
    if !body.isEmpty { block.append(name: "content-type", value: "text/plain") }
    block.apply(try HeadMutation(answer.headers))
    var fields = block.fields.map { HeaderChange.Field(block.text($0.name), block.text($0.value)) }
    if answer.hasGrpcStatus { fields.append(HeaderChange.Field("grpc-status", String(answer.grpcStatus.status))) }
    self.init(status: status, fields: fields, body: status == 204 || status == 304 ? [] : body)
  }
}
