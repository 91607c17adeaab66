import Foundation
import TestSupport
import Testing

/// docs/https.md comes true: a certificate from a Secret, exchanged and taken away while the gateway runs.
@Suite(
  .serialized, .timeLimit(.minutes(5)),
  .enabled(if: isInstalled("kubectl") && isInstalled("curl") && isInstalled("openssl")))
struct HTTPSTests {
  private let up = Up()

  /// Makes a certificate that signs itself; `serial` tells it from others.
  private func certificate(serial: Int) async throws {
    try await up.output(
      "cd \(up.folder) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        + "-set_serial \(serial) -subj /CN=models.example.com -addext subjectAltName=DNS:models.example.com "
        + "-keyout tls.key -out tls.crt")
  }

  private var secret: String {
    "kubectl create secret tls inference-gateway-tls --cert=\(up.folder)/tls.crt --key=\(up.folder)/tls.key"
  }

  /// A command line of curl for the HTTPS listener, which a process without rights serves higher.
  private func curl(_ arguments: String) -> String {
    "case $GATEWAY in *:80) port=443;; *) port=8443;; esac; curl -s --max-time 10 --cacert \(up.folder)/tls.crt "
      + "--connect-to models.example.com:443:\(up.gatewayAddress):$port \(arguments)"
  }

  private let resolved =
    #"kubectl get gateway inference-gateway -o jsonpath='{.status.listeners[1].conditions[?(@.type=="ResolvedRefs")]}'"#

  /// Only clients whose certificate an authority of the ConfigMap signed are served, until all may come.
  @Test func clientsAreAskedForCertificates() async throws {
    try await up.start()
    try await certificate(serial: 11)
    try await up.output(secret)
    try await up.output("kubectl create configmap clients-ca --from-file=ca.crt=\(up.folder)/tls.crt")
    try await up.output("kubectl apply -f \(repository.path)/manifests/examples/https/gateway.yaml")
    try await validate("AllowValidOnly")
    let path = "-o /dev/null -w '%{http_code}' https://models.example.com/nowhere"
    // What signs itself is its own authority.
    let shown = "--cert \(up.folder)/tls.crt --key \(up.folder)/tls.key"
    try await up.until(curl("\(shown) \(path)"), shows: "404")
    try await eventually("others are refused") { try await up.shell(curl(path)).output == "000" }
    try await validate("AllowInsecureFallback")
    try await up.until(curl(path), shows: "404")
    let warning = "kubectl get gateway inference-gateway -o jsonpath='{.status.conditions[*].type}'"
    try await up.until(warning, shows: "InsecureFrontendValidationMode")
    try await up.stopsCleanly()
  }

  private func validate(_ mode: String) async throws {
    let reference = #"{"group":"","kind":"ConfigMap","name":"clients-ca"}"#
    let validation = #"{"mode":"\#(mode)","caCertificateRefs":[\#(reference)]}"#
    try await up.output(
      "kubectl patch gateway inference-gateway --type=merge "
        + #"-p '{"spec":{"tls":{"frontend":{"default":{"validation":\#(validation)}}}}}'"#)
  }

  @Test func aSecretIsServedExchangedAndMissed() async throws {
    try await up.start()
    try await up.output("kubectl apply -f \(repository.path)/manifests/examples/https/gateway.yaml")
    try await up.until(resolved, shows: "kubectl create secret tls inference-gateway-tls")
    try await certificate(serial: 11)
    try await up.output(secret)
    try await up.until(resolved, shows: #""status":"True""#)
    let body = #"{"model":"chatbot","prompt":"What is the color of the sky","max_tokens":3}"#
    let ask = curl("-i https://models.example.com/v1/completions -H 'Content-Type: application/json' -d '\(body)'")
    try await up.until(ask, shows: "x-inference-pod: gemma3-")
    #expect(try await up.output(ask).hasPrefix("HTTP/2 200"))

    // The old certificate is not trusted any more: only the new one can answer.
    try await certificate(serial: 12)
    try await up.output("\(secret) --dry-run=client -o yaml | kubectl apply -f -")
    try await up.until(ask, shows: "x-inference-pod: gemma3-")
    let admin = try up.admin()
    let key = try await up.output("sed -n 2p \(up.folder)/tls.key").trimmingCharacters(in: .newlines)
    let routes = try await up.output("curl -s \(admin)/routes; kubectl get gateways,httproutes,events -A -o yaml")
    #expect(routes.contains("default/inference-gateway-tls") && !routes.contains(key))

    try await up.output("kubectl delete secret inference-gateway-tls")
    try await up.until(resolved, shows: "does not exist")
    try await eventually("handshakes are refused") { try await up.shell(ask).status == 35 }
    #expect(try await up.pod(for: "chatbot")?.hasPrefix("gemma3-") == true, "the listener in clear goes on")
    let end = try await up.stop()
    #expect(end.status == 0 && !(end.output + end.errors).contains(key))
  }
}
