import Foundation

/// Standard output, written at once: a pipe or a log file sees each line when it is said.
package enum Screen {
  package static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
