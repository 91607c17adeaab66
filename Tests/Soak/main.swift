// Runs a soak and prints what it came to as JSON: hack/bench soak runs it.
import Foundation
import SoakSupport

private struct Output: Encodable {
  struct Row: Encodable {
    var figure: String
    var value: Double
    var most: Double?
  }

  var figures: [Row]
  var outcomes: [String: Int]
  var faults: [String]
}

do {
  var options = try SoakOptions(CommandLine.arguments.dropFirst())
  options.onProgress = { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
  let report = try await Soak.run(options)
  let rows = report.figures.map { Output.Row(figure: $0.name, value: $0.value, most: $0.most) }
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  let output = try encoder.encode(Output(figures: rows, outcomes: report.outcomes, faults: report.faults))
  print(String(decoding: output, as: UTF8.self))
  exit(report.isWell ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(2)
}
