import Foundation
import KubernetesAPI

/// The cluster's objects on disk: a snapshot and the changes since, one JSON text a line.
///
/// A line is handed to the kernel before the request is answered, so a killed process loses nothing that it promised; a
/// line cut by the kill is the last one and is left out at the next start.
struct Journal: Sendable {
  private let folder: String
  private var descriptor: Int32
  private(set) var size: Int64 = 0
  /// A journal longer than this many bytes is folded into a new snapshot.
  static let foldLimit: Int64 = 64 << 20

  /// Why the data directory cannot be used.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private var snapshotPath: String { folder + "/snapshot.jsonl" }
  private var journalPath: String { folder + "/journal.jsonl" }

  /// Opens the journal in a folder and reads back what it holds.
  ///
  /// - Throws: `Failure` naming the file and the cure.
  static func open(folder: String) throws -> (Journal, ObjectStore) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(description: "the data directory \(folder) cannot be made: \(error); choose another --data-dir")
    }
    var journal = Journal(folder: folder, descriptor: -1)
    let lines = try journal.readLines(journal.snapshotPath) + journal.readLines(journal.journalPath)
    let highest = lines.map { $0.dig("rv") }.reduce(Int64(0)) {
      if case .integer(let rv) = $1 { max($0, rv) } else { $0 }
    }
    var store = ObjectStore(version: highest)
    for line in lines { Self.replay(line, into: &store) }
    try journal.fold(store)
    return (journal, store)
  }

  private init(folder: String, descriptor: Int32) {
    self.folder = folder
    self.descriptor = descriptor
  }

  private func readLines(_ path: String) throws -> [JSONValue] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    let lines = [UInt8](data).split(separator: UInt8(ascii: "\n"))
    var values: [JSONValue] = []
    for (index, line) in lines.enumerated() {
      do {
        values.append(try JSONReader.parse(Array(line)))
      } catch {
        // Only the last line can have been cut by a kill; anything else is damage that a person must see.
        guard index == lines.count - 1 else {
          throw Failure(
            description: "\(path), line \(index + 1): \(error.message); remove the file to start with an empty cluster")
        }
      }
    }
    return values
  }

  private static func replay(_ line: JSONValue, into store: inout ObjectStore) {
    guard let plural = line.digText("resource"), !plural.isEmpty, let key = line.digText("key") else { return }
    let resource = ResourceName(group: line.digText("group") ?? "", plural: plural)
    store.restore(resource, key, line.dig("object"))
  }

  /// Appends one change.
  ///
  /// - Throws: `Failure` when the disk does not take it.
  mutating func append(_ resource: ResourceName, _ entry: LogEntry) throws {
    try write(Self.line(resource, entry.key, entry.version, entry.deleted ? .none : .some(entry.object)))
  }

  private static func line(_ resource: ResourceName, _ key: String, _ version: Int64, _ object: JSONValue?) -> [UInt8] {
    var line: [String: JSONValue] = [
      "rv": .integer(version), "group": .string(resource.group), "resource": .string(resource.plural),
      "key": .string(key),
    ]
    line["object"] = object
    return JSONWriter.bytes(of: .object(line)) + [UInt8(ascii: "\n")]
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw Failure(description: "\(journalPath): \(String(cString: strerror(errno))); make room on the disk")
      }
      offset += written
    }
    size += Int64(bytes.count)
  }

  /// Writes a new snapshot beside the old one, puts it in place in one step, and starts an empty journal.
  mutating func fold(_ store: ObjectStore) throws {
    var bytes = Self.line(ResourceName(group: "", plural: ""), "", store.version, nil)
    for (resource, collection) in store.collections {
      for (key, object) in collection.objects { bytes += Self.line(resource, key, object.objectVersion, object) }
    }
    let temporary = snapshotPath + ".new"
    guard
      FileManager.default.createFile(atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    else { throw Failure(description: "\(temporary) cannot be written; check the permissions of \(folder)") }
    guard rename(temporary, snapshotPath) == 0 else {
      throw Failure(description: "\(snapshotPath) cannot be replaced: \(String(cString: strerror(errno)))")
    }
    if descriptor >= 0 { close(descriptor) }
    descriptor = Foundation.open(journalPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure(description: "\(journalPath) cannot be opened: \(String(cString: strerror(errno)))")
    }
    size = 0
  }
}
