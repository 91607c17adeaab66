import ArgumentParser
import ControlPlane
import Foundation
import KubernetesAPI
import Manifests
import Translation

/// `switchyard translate`: a dry run on manifests.
struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Prints the routing table and every status that manifests on disk would get; contacts nothing.",
    discussion: "Mistakes and gaps in the manifests go to standard error; the exit code is 1 if anything was left out.")

  @Argument(help: "Manifests, or folders of them.")
  var paths: [String]

  @Option(help: "Addresses for the Gateways: a range FIRST-LAST, or one address that all share.")
  var gatewayAddresses = GatewayAddressOption.localRange

  @Option(help: "The folder with the CustomResourceDefinitions that pools and models are checked against.")
  var crds = "crds"

  func validate() throws {
    if paths.isEmpty { throw ValidationError("give at least one manifest or folder of manifests") }
  }

  func run() throws {
    let files = try ManifestFiles(paths)
    let validator = try validator()
    var loader = ManifestLoader(refusals: { validator.refusals($0) })
    loader.load(files.documents)
    var state = loader.state
    let gaps = ManifestGaps(fillingIn: &state)
    say(files.problems.map(\.description) + loader.problems.map(\.description) + gaps.notes.map { "warning: \($0)" })
    print(try dryRun(state, without: gaps.assumedClasses))
    if loader.hasErrors || !files.problems.isEmpty { throw ExitCode.failure }
  }

  /// What comes of the objects; nothing is said of GatewayClasses that are no manifests.
  private func dryRun(_ objects: ClusterState, without assumed: Set<String>) throws -> TranslationResult {
    var state = objects
    state.moment = Int64(Date().timeIntervalSince1970)
    let addresses = AddressBook(policy: try AddressPolicy(gatewayAddresses))
    state.gatewayAddresses = addresses.assign(state.servedGateways)
    var result = translate(state)
    for name in assumed { result.statuses.gatewayClasses[ObjectKey(name: name)] = nil }
    return result
  }

  private func validator() throws -> ManifestValidator {
    if FileManager.default.fileExists(atPath: crds) {
      let definitions = try ManifestFiles.read([crds]).map(\.value)
      do { return try ManifestValidator(definitions: definitions) } catch {
        throw ManifestFileError(description: "\(crds): holds what is no usable CustomResourceDefinition: \(error)")
      }
    }
    say([
      "warning: \(crds): no such folder, so pools and models are not checked as a cluster would: give it with --crds"
    ])
    return try ManifestValidator(definitions: [])
  }

  private func say(_ lines: [String]) {
    for line in lines { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
  }
}
