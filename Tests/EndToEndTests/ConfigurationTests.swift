import Foundation
import TestSupport
import Testing

/// What is wrong or gone in one place leaves the rest standing, and what statuses say is what traffic gets.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: isInstalled("kubectl") && isInstalled("curl")))
struct ConfigurationTests {
  @Test func aBadRuleAndADeletedClassLeaveTheRestStanding() async throws {
    let up = Up()
    try await up.start()
    let pool = #"{"group":"inference.networking.k8s.io","kind":"InferencePool","name":"gemma3"}"#
    let filter = #"{"type":"ExtensionRef","extensionRef":{"group":"example.com","kind":"Own","name":"own"}}"#
    let rules = [
      #"{"matches":[{"path":{"type":"RegularExpression","value":"/v2/(.*"}}],"backendRefs":[\#(pool)]}"#,
      #"{"matches":[{"path":{"value":"/own"}}],"filters":[\#(filter)],"backendRefs":[\#(pool)]}"#,
    ]
    let patch = rules.map { #"{"op":"add","path":"/spec/rules/-","value":\#($0)}"# }.joined(separator: ",")
    try await up.output("kubectl patch httproute routes-to-llms --type=json -p '[\(patch)]'")
    try await up.condition(
      "httproute/routes-to-llms", "PartiallyInvalid",
      "True UnsupportedValue Dropped Rules spec.rules[2], takes no request",
      "spec.rules[3].filters[0] (ExtensionRef) is not supported")
    try await up.condition("httproute/routes-to-llms", "Accepted", "True Accepted", "PartiallyInvalid")
    #expect(try await up.pod(for: "chatbot")?.hasPrefix("gemma3-") == true)
    let dropped = try await up.output("curl -si --max-time 5 $GATEWAY/own")
    #expect(dropped.hasPrefix("HTTP/1.1 500 ") && dropped.contains("cannot be served: "), "\(dropped)")
    try await up.until("kubectl describe httproute routes-to-llms", shows: "Dropped Rules spec.rules[2]")

    // A class that is in use is held; who takes the finalizer away by force ends no traffic either.
    try await up.output("kubectl delete gatewayclass switchyard --wait=false")
    let accepted = #"kubectl get gateway inference-gateway -o jsonpath='{.status.conditions[?(@.type=="Accepted")]}'"#
    try await up.until(accepted, shows: "GatewayClass switchyard, which is being deleted")
    #expect(try await up.pod(for: "chatbot")?.hasPrefix("gemma3-") == true)
    try await up.output(#"kubectl patch gatewayclass switchyard --type=merge -p '{"metadata":{"finalizers":null}}'"#)
    try await up.until(accepted, shows: "GatewayClass switchyard, which does not exist")
    #expect(try await up.pod(for: "chatbot")?.hasPrefix("gemma3-") == true)

    // The name of the class means another controller now: neither traffic nor status says that we serve the Gateway.
    let foreign = try await up.apply(
      "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: switchyard}, "
        + "spec: {controllerName: example.com/other}}")
    #expect(foreign.status == 0, "\(foreign.errors)")
    try await up.until(accepted, shows: "is a class of controller example.com/other")
    try await eventually("nobody listens") {
      try await up.shell("curl -s --max-time 5 $GATEWAY/v1/models").status == 7
    }
    let parents = "kubectl get httproute routes-to-llms -o jsonpath='parents:{.status.parents}:'"
    try await up.until(parents, shows: "parents:[]:")
    try await up.stopsCleanly()
  }

  @Test func anAdapterIsRoutedByItsBaseModel() async throws {
    let up = Up()
    try await up.start()
    let applied = try await up.apply(
      """
      {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: by-base},
       spec: {parentRefs: [{name: inference-gateway}], rules: [{
         matches: [{headers: [{name: X-Gateway-Base-Model-Name, value: llama-3}]}],
         backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: deepseek-r1}]}]}}
      ---
      {apiVersion: v1, kind: ConfigMap, metadata: {name: wrong, labels: {inference.llm-d.ai/ipp-managed: "true"}},
       data: {baseModel: llama-3, adapters: "sql-lora"}}
      """)
    #expect(applied.status == 0, "\(applied.errors)")
    try await eventually("the base model is its own") {
      try await up.pod(for: "llama-3")?.hasPrefix("deepseek-r1-") == true
    }
    try await up.until("kubectl describe configmap wrong; kubectl get events", shows: "is no list: write a YAML list")
    #expect(try await up.ask(#"{"model":"sql-lora"}"#).hasPrefix("HTTP/1.1 404 "))
    try await up.output(#"kubectl patch configmap wrong --type=merge -p '{"data":{"adapters":"- sql-lora"}}'"#)
    try await eventually("the adapter goes where its base model goes") {
      try await up.pod(for: "sql-lora")?.hasPrefix("deepseek-r1-") == true
    }
    let forged = try await up.ask(#"{"model":"nobody"}"#, more: "-H 'X-Gateway-Base-Model-Name: llama-3'")
    #expect(forged.contains("Models here: chatbot, llama-3 and its adapters, recommender."), "\(forged)")
    // Without the label the ConfigMap says nothing.
    try await up.output("kubectl label configmap wrong inference.llm-d.ai/ipp-managed-")
    try await eventually("the adapter is unknown again") {
      try await up.ask(#"{"model":"sql-lora"}"#).hasPrefix("HTTP/1.1 404 ")
    }
    try await up.stopsCleanly()
  }
}
