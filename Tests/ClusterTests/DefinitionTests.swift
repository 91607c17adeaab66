import JSONText
import KubernetesAPI
import KubernetesClient
import Testing

extension ClusterTests {
  /// What `crds/` promises, kept by the server.
  @Suite(.serialized) struct DefinitionTests {
    let cluster: Cluster

    init() throws { cluster = try .tested() }

    @Test(arguments: Definitions.files)
    func aDefinitionIsTakenWithoutAWarning(file: Definitions.File) async throws {
      let answer = try await Definitions.apply(file, to: cluster)
      #expect(answer.status < 300, "\(answer.message)")
      #expect(answer.warnings == [])
      #expect(try await Definitions.isEstablished(file.name, in: cluster))
    }

    @Test func defaultsAreFilledInAndUnknownFieldsPruned() async throws {
      let answer = try await cluster.send(
        "POST", Kinds.path(InferencePool.type, namespace: cluster.namespace),
        query: [("fieldValidation", "Ignore")],
        body: [
          "apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool", "metadata": ["name": "defaulted"],
          "spec": [
            "selector": ["matchLabels": ["app": "x"]], "targetPorts": [["number": 8000]], "colour": "red",
            "endpointPickerRef": ["name": "epp", "port": ["number": 9002]],
          ],
        ])
      #expect(answer.status == 201, "\(answer.message)")
      #expect(answer.body["spec"]?["appProtocol"] == "http")
      #expect(answer.body["spec"]?["endpointPickerRef"]?["failureMode"] == "FailClose")
      #expect(answer.body["spec"]?["endpointPickerRef"]?["kind"] == "Service")
      #expect(answer.body["spec"]?["colour"] == nil)
    }

    @Test func aTableAnswersTheReadersQuestion() async throws {
      let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
      let pools = try await cluster.send(
        "GET", Kinds.path(InferencePool.type, namespace: cluster.namespace), accept: table)
      #expect(pools.body["kind"] == "Table")
      #expect(Self.columns(pools) == ["Name", "Accepted", "Endpoints", "Picker", "Age"])
      let models = try await cluster.send(
        "GET", Kinds.path(InferenceModel.type, namespace: cluster.namespace), accept: table)
      #expect(Self.columns(models) == ["Name", "Model Name", "Inference Pool", "Criticality", "Accepted", "Age"])
      for type in [InferenceObjective<LLMDGroup>.type, InferenceObjective<ExperimentalInferenceGroup>.type] {
        let objectives = try await cluster.send("GET", Kinds.path(type, namespace: cluster.namespace), accept: table)
        #expect(Self.columns(objectives) == ["Name", "Inference Pool", "Priority", "Accepted", "Age"])
      }
      for type in [InferenceModelRewrite<LLMDGroup>.type, InferenceModelRewrite<ExperimentalInferenceGroup>.type] {
        let rewrites = try await cluster.send("GET", Kinds.path(type, namespace: cluster.namespace), accept: table)
        #expect(Self.columns(rewrites) == ["Name", "Inference Pool", "Accepted", "Age"])
      }
    }

    static func columns(_ answer: Answer) -> [String] {
      (answer.body["columnDefinitions"]?.arrayValue ?? []).filter { $0["priority"] == 0 }
        .compactMap { $0["name"]?.stringValue }
    }

    @Test func targetWeightsAreForAllModelsOrNone() async throws {
      let answer = try await cluster.send(
        "POST", Kinds.path(InferenceModel.type, namespace: cluster.namespace),
        body: [
          "apiVersion": "inference.networking.x-k8s.io/v1alpha2", "kind": "InferenceModel",
          "metadata": ["name": "half-weighted"],
          "spec": [
            "modelName": "m", "poolRef": ["name": "p"],
            "targetModels": [["name": "a", "weight": 1], ["name": "b"]],
          ],
        ])
      #expect(answer.status == 422)
      #expect(answer.message.contains("spec.targetModels"))
    }
  }
}
