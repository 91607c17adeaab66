import CCurl
import Foundation

/// One easy handle with all that must live as long as it. Lives on libcurl's thread.
final class CurlHandle {
  let easy: UnsafeMutableRawPointer
  private let request: HTTPRequest
  /// Looked for among all transfers whenever one ends.
  private let origin: Substring
  private let errorText: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private var firstProblem: CURLcode = CURLE_OK

  /// Sets everything that `exchange` asks for. The caller keeps `exchange` alive as long as the handle.
  init(_ exchange: CurlExchange) throws {
    guard let easy = curl_easy_init() else {
      throw HTTPTransportError.failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue), "no handle")
    }
    self.easy = easy
    request = exchange.request
    origin = request.origin
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    try setAddress()
    setConnection()
    setMethodAndBody()
    setTLS()
    setCallbacks(Unmanaged.passUnretained(exchange).toOpaque())
    guard firstProblem == CURLE_OK else {
      throw HTTPTransportError.invalidRequest(String(cString: curl_easy_strerror(firstProblem)))
    }
  }

  deinit {
    curl_easy_cleanup(easy)
    for list in lists { curl_slist_free_all(list) }
    errorText.deallocate()
  }

  private func check(_ code: CURLcode) {
    if firstProblem == CURLE_OK { firstProblem = code }
  }

  private func set(_ option: CURLoption, _ value: Int) { check(switchyard_setopt_long(easy, option, value)) }

  private func set(_ option: CURLoption, _ value: String) { check(switchyard_setopt_string(easy, option, value)) }

  private func set(_ option: CURLoption, list values: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for value in values { list = curl_slist_append(list, value) ?? list }
    guard let list else { return }
    lists.append(list)
    check(switchyard_setopt_list(easy, option, list))
  }

  private func set(_ option: CURLoption, blob bytes: [UInt8]?) {
    guard let bytes else { return }
    bytes.withUnsafeBytes { check(switchyard_setopt_blob(easy, option, $0.baseAddress, $0.count)) }
  }

  /// The URL and the header fields. With a TLS server name the URL bears that name, so that libcurl asks for it and
  /// verifies it, and the connection still goes to the original host.
  private func setAddress() throws {
    var url = request.url
    var fields = request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    guard !fields.contains(where: { $0.contains("\r") || $0.contains("\n") || $0.contains("\0") }) else {
      throw HTTPTransportError.invalidRequest("a header value contains a line break")
    }
    if let name = request.tls.serverName {
      guard var parts = URLComponents(string: url), let host = parts.host else {
        throw HTTPTransportError.invalidRequest("\"\(url)\" is no URL")
      }
      let port = parts.port ?? 443
      let target = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
      parts.host = name
      url = parts.string ?? url
      set(CURLOPT_CONNECT_TO, list: ["\(name):\(port):\(target):\(port)"])
      fields.append("Host: \(target)\(parts.port.map { ":\($0)" } ?? "")")
    }
    // Bodies here are small; waiting for "100 Continue" would only cost a round trip.
    fields.append("Expect:")
    set(CURLOPT_URL, url)
    set(CURLOPT_HTTPHEADER, list: fields)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
  }

  private func setConnection() {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    // Rather wait to see whether a connection under way can be shared than open another.
    if request.url.hasPrefix("https") { set(CURLOPT_PIPEWAIT, 1) }
    set(CURLOPT_PROXY, request.proxy ?? "")
    // Unset, it would be the environment's NO_PROXY, which a kubeconfig's proxy-url knows nothing of.
    set(CURLOPT_NOPROXY, "")
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // A name that resolves slowly must not hold up the thread when its transfer is cancelled.
    switchyard_set_quick_exit(easy)
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectTimeout.wholeMilliseconds)))
    // Not CURLOPT_TIMEOUT_MS: libcurl would give a connection that answers nothing back for the next request.
    set(CURLOPT_TCP_NODELAY, 1)
    // A peer that vanished without a word is found out within a minute, whether or not we are sending.
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_TCP_KEEPIDLE, 20)
    set(CURLOPT_TCP_KEEPINTVL, 5)
    check(switchyard_set_unacknowledged_timeout(easy, 30_000))
  }

  private func setMethodAndBody() {
    if let body = request.body {
      body.withUnsafeBytes { check(switchyard_setopt_body(easy, $0.baseAddress, $0.count)) }
    } else if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
      check(switchyard_setopt_body(easy, nil, 0))
    }
    if request.method != "HEAD" { set(CURLOPT_CUSTOMREQUEST, request.method) }
  }

  private func setTLS() {
    set(CURLOPT_SSL_VERIFYPEER, request.tls.skipsVerification ? 0 : 1)
    set(CURLOPT_SSL_VERIFYHOST, request.tls.skipsVerification ? 0 : 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let authority = request.tls.certificateAuthority {
      set(CURLOPT_CAINFO_BLOB, blob: authority)
      // The blob replaces the default file of authorities, but not the default folder: with it, every public authority
      // could vouch for the server. A libcurl whose TLS knows no such folder refuses the option.
      let code = switchyard_setopt_string(easy, CURLOPT_CAPATH, nil)
      if code != CURLE_NOT_BUILT_IN { check(code) }
    }
    guard request.tls.certificate != nil else { return }
    set(CURLOPT_SSLCERTTYPE, "PEM")
    set(CURLOPT_SSLKEYTYPE, "PEM")
    set(CURLOPT_SSLCERT_BLOB, blob: request.tls.certificate)
    set(CURLOPT_SSLKEY_BLOB, blob: request.tls.key)
  }

  private func setCallbacks(_ exchange: UnsafeMutableRawPointer) {
    check(switchyard_setopt_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    check(switchyard_setopt_pointer(easy, CURLOPT_HEADERDATA, exchange))
    check(switchyard_setopt_pointer(easy, CURLOPT_WRITEDATA, exchange))
    check(
      switchyard_setopt_bytes_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
        exchange.received(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
      })
    check(
      switchyard_setopt_bytes_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
        let accepted = exchange.received(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return accepted ? size * count : switchyard_write_pause
      })
  }

  /// Whether a connection stood and the request may be on its way.
  var wasSent: Bool {
    var sentAfter: curl_off_t = 0
    _ = switchyard_getinfo_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &sentAfter)
    return sentAfter > 0
  }

  /// The connection that carries the request; `nil` before it was sent.
  var connection: CurlConnection? {
    var port = 0
    guard wasSent, switchyard_getinfo_long(easy, CURLINFO_LOCAL_PORT, &port) == CURLE_OK, port > 0 else { return nil }
    return CurlConnection(origin: origin, localPort: port)
  }

  /// Makes libcurl close the connection when its last transfer is removed.
  func forbidReuse() {
    _ = switchyard_setopt_long(easy, CURLOPT_FORBID_REUSE, 1)
  }

  /// What libcurl's result means to a caller.
  func outcome(of code: CURLcode) -> Result<Void, any Error> {
    guard code != CURLE_OK else { return .success(()) }
    let detail = String(cString: errorText)
    let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    var connectStatus = 0
    _ = switchyard_getinfo_long(easy, CURLINFO_HTTP_CONNECTCODE, &connectStatus)
    // A proxy that makes no tunnel: libcurl calls it a broken connection, but the request never left.
    if connectStatus >= 300 { return .failure(HTTPTransportError.cannotConnect(text)) }
    return .failure(HTTPTransportError(code: code, text: text, wasSent: wasSent))
  }
}
