import CCurl

extension HTTPTransportError {
  /// What a code of libcurl's means. `wasSent`: a connection stood and the request may be on its way.
  ///
  /// Source: <https://curl.se/libcurl/c/libcurl-errors.html>
  init(code: CURLcode, text: String, wasSent: Bool) {
    switch code {
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: self = .invalidRequest(text)
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: self = .cannotConnect(text)
    case CURLE_OPERATION_TIMEDOUT: self = wasSent ? .timedOut(text) : .cannotConnect(text)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CLIENTCERT:
      self = .tls(text)
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      self = .connectionLost(text)
    default: self = .failed(code: Int(code.rawValue), text)
    }
  }

  /// What it means that an exchange's time ran out.
  init(_ deadline: CurlExchange.Deadline, wasSent: Bool) {
    switch (wasSent, deadline.isStall) {
    case (false, _): self = .cannotConnect("the request could not be sent within \(deadline.bound)")
    case (true, true): self = .stalled(deadline.bound)
    case (true, false): self = .timedOut("no whole answer within \(deadline.bound)")
    }
  }
}
