import ArgumentParser
import Observability

/// The program: one subcommand for each role.
@main
struct SwitchyardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "switchyard",
    abstract: "Serves many generative models behind one address on Kubernetes.",
    version: BuildInstruments.version,
    subcommands: [
      UpCommand.self, ControllerCommand.self, GatewayCommand.self, TranslateCommand.self, ModelServerCommand.self,
    ])
}
