import Foundation
import JSONText
import KubernetesAPI

/// The cluster's objects on disk: a snapshot and the changes since, one JSON text a line.
///
/// A line is handed to the kernel before the request is answered, so a killed process loses nothing that it promised; a
/// line cut by the kill is the last one and is left out at the next start. It reaches the disk itself right afterwards,
/// without keeping the request waiting: a power failure can take the last moments.
struct Journal: Sendable {
  private let folder: String
  /// Held for as long as the journal is: no second process folds a journal that is being written.
  private let lock: DiskFile
  /// The file that changes are appended to.
  let file: DiskFile
  private(set) var size: Int64 = 0
  /// Whether the file ends in a line that was not written whole and could not be cut off.
  private var isTorn = false
  private var foldAt = Journal.foldLimit
  /// A journal longer than this many bytes is folded into a new snapshot.
  static let foldLimit: Int64 = 64 << 20

  private static func snapshotPath(_ folder: String) -> String { folder + "/snapshot.jsonl" }
  private static func journalPath(_ folder: String) -> String { folder + "/journal.jsonl" }

  /// Opens the journal in a folder and reads back what it holds.
  ///
  /// - Throws: `StorageFailure` naming the file and the cure.
  static func open(folder: String) throws(StorageFailure) -> (Journal, ObjectStore) {
    try PrivateFolder.make(folder)
    let lock = try PrivateFolder.lock(folder)
    let lines =
      try lines(snapshotPath(folder), mayBeCut: false) + lines(journalPath(folder), mayBeCut: true)
    let highest = lines.map { $0["rv"]?.integerValue ?? 0 }.max() ?? 0
    var store = ObjectStore(version: highest)
    for line in lines { Self.replay(line, into: &store) }
    let file = try DiskFile(journalPath(folder), O_WRONLY | O_CREAT | O_APPEND)
    var journal = Journal(folder: folder, lock: lock, file: file)
    try journal.fold(store)
    return (journal, store)
  }

  private init(folder: String, lock: DiskFile, file: DiskFile) {
    self.folder = folder
    self.lock = lock
    self.file = file
  }

  /// - Parameter mayBeCut: whether a last line without its end is what a kill leaves, and no damage.
  private static func lines(_ path: String, mayBeCut: Bool) throws(StorageFailure) -> [JSONValue] {
    guard let content = try DiskFile.read(path) else { return [] }
    let lines = content.split(separator: UInt8(ascii: "\n"))
    let isCut = mayBeCut && content.last != UInt8(ascii: "\n")
    var values: [JSONValue] = []
    for (index, line) in lines.enumerated() {
      do {
        // One level more than a request may have: the line is an object around it.
        values.append(try JSONReader.parse(Array(line), maximumDepth: JSONReader.defaultDepth + 1))
      } catch {
        guard isCut, index == lines.count - 1 else {
          throw StorageFailure(
            description: "\(path), line \(index + 1): \(error.goMessage); remove the file to start without its objects")
        }
      }
    }
    return values
  }

  private static func replay(_ line: JSONValue, into store: inout ObjectStore) {
    guard let plural = line["resource"]?.stringValue, !plural.isEmpty, let key = line["key"]?.stringValue else {
      return
    }
    let resource = ResourceName(group: line["group"]?.stringValue ?? "", plural: plural)
    store.restore(resource, key, line["object"])
  }

  /// Appends changes: all of them, or after an error none.
  ///
  /// - Throws: `StorageFailure` when the disk does not take them.
  mutating func append(_ changes: [(resource: ResourceName, entry: LogEntry)], from store: ObjectStore)
    throws(StorageFailure)
  {
    // A new snapshot, which holds these changes already, takes the place of a journal with a torn end.
    if isTorn { return try fold(store) }
    var bytes: [UInt8] = []
    for (resource, entry) in changes {
      bytes += Self.line(resource, entry.key, entry.version, entry.deleted ? .none : .some(entry.object))
    }
    do {
      try file.append(bytes)
    } catch {
      // The next line would be glued to what was written of this one.
      isTorn = ftruncate(file.descriptor, off_t(size)) != 0
      throw error
    }
    size += Int64(bytes.count)
  }

  private static func line(_ resource: ResourceName, _ key: String, _ version: Int64, _ object: JSONValue?) -> [UInt8] {
    var line: [String: JSONValue] = [
      "rv": .integer(version), "group": .string(resource.group), "resource": .string(resource.plural),
      "key": .string(key),
    ]
    line["object"] = object
    return JSONWriter.bytes(of: JSONValue.object(line)) + [UInt8(ascii: "\n")]
  }

  /// Whether the journal has grown long enough to be folded.
  var isLong: Bool { size > foldAt }

  /// Writes a new snapshot beside the old one, puts it in place in one step, and empties the journal.
  ///
  /// - Throws: `StorageFailure`; nothing is lost then, since the journal goes on as it was.
  mutating func fold(_ store: ObjectStore) throws(StorageFailure) {
    // After a failure it is tried again when there is twice as much to gain.
    foldAt = size + Self.foldLimit
    var bytes = Self.line(ResourceName(group: "", plural: ""), "", store.version, nil)
    for (resource, collection) in store.collections {
      for (key, shown) in collection.objects {
        bytes += Self.line(resource, key, shown.objectVersion, collection.stored[key] ?? shown)
      }
    }
    try PrivateFile.write(bytes, to: Self.snapshotPath(folder))
    // Lines that stay after a failure here say again what the snapshot says.
    guard ftruncate(file.descriptor, 0) == 0 else {
      throw DiskFile.failure(file.path, "cannot be emptied", cure: "check the disk")
    }
    size = 0
    isTorn = false
    foldAt = Self.foldLimit
  }
}
