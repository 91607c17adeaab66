public import Foundation

/// The folder of this repository, for tests of files that it ships.
public let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
