import ArgumentParser
import ControlPlane
import Foundation
import KubernetesAPI
import Translation

/// `switchyard translate`: a dry run on manifests.
struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Prints the routing table and every status that manifests on disk would get; contacts nothing.")

  @Argument(help: "Manifests, or folders of them.")
  var paths: [String]

  @Option(help: "Addresses for the Gateways: a range FIRST-LAST, or one address that all share.")
  var gatewayAddresses = GatewayAddressOption.localRange

  func validate() throws {
    if paths.isEmpty { throw ValidationError("give at least one manifest or folder of manifests") }
  }

  func run() throws {
    var loader = ManifestLoader()
    loader.load(try ManifestFiles.read(paths))
    for problem in loader.problems { FileHandle.standardError.write(Data("\(problem)\n".utf8)) }
    var state = loader.state
    var addresses = AddressBook(policy: try AddressPolicy(gatewayAddresses))
    let classes = Set(
      state.gatewayClasses.filter { $0.spec.controllerName == state.controllerName }.map(\.metadata.name))
    state.gatewayAddresses = addresses.assign(state.gateways.filter { classes.contains($0.spec.gatewayClassName) })
    print(translate(state))
    if loader.hasErrors { throw ExitCode.failure }
  }
}
