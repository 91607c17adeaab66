import Foundation
import JSONText
import KubernetesAPI
import TestSupport
import Testing

@testable import LocalCluster

/// What is left of a cluster after a restart, a kill, a full disk.
@Suite struct JournalTests {
  static let maps = "/api/v1/namespaces/default/configmaps"

  static func append(_ text: String, to path: String) throws {
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  @Test func aSecondStartContinuesAndForgivesATornLine() throws {
    try withTemporaryPath { folder in
      let first = try TestCluster.make(folder: folder)
      let created = first.send("POST", Self.maps, StorageTests.object("a")).body
      _ = first.send("POST", Self.maps, StorageTests.object("b"))
      _ = first.send("DELETE", Self.maps + "/b")
      let version = first.storage.read { $0.store.version }
      first.storage.release()
      // A process killed in the middle of a write leaves half a line.
      try Self.append(#"{"rv":99,"group":"","resou"#, to: folder + "/journal.jsonl")
      let second = try TestCluster.make(folder: folder)
      #expect(second.send("GET", Self.maps + "/a").body == created)
      #expect(second.send("GET", Self.maps + "/b").status == 404)
      #expect(second.storage.read { $0.store.version } == version)
    }
  }

  @Test("What is nested as deep as a request may be is read back")
  func depth() throws {
    try withTemporaryPath { folder in
      let maps = ResourceName(group: "", plural: "configmaps")
      let depth = JSONReader.defaultDepth
      let deep = try JSONReader.parse(
        String(repeating: #"{"a":"#, count: depth) + "0" + String(repeating: "}", count: depth))
      let first = try TestCluster.make(folder: folder)
      let stored = try first.storage.write { (state) throws(StatusError) in state.put(maps, "default/deep", deep) }
      first.storage.release()
      let second = try TestCluster.make(folder: folder)
      #expect(second.storage.read { $0.store.object(maps, "default/deep") } == stored)
    }
  }

  @Test(arguments: ["snapshot.jsonl", "journal.jsonl"])
  func damageIsShownAndNotOverwritten(file: String) throws {
    try withTemporaryPath { folder in
      try TestCluster.make(folder: folder).storage.release()
      // A whole line that is no JSON; in the snapshot, which is never written in place, a cut line is damage too.
      try Self.append(file == "snapshot.jsonl" ? #"{"rv":9"# : "{\"rv\":9\n", to: "\(folder)/\(file)")
      let before = FileManager.default.contents(atPath: "\(folder)/\(file)")
      let error = #expect(throws: StorageFailure.self) { try TestCluster.make(folder: folder) }
      #expect(error?.description.contains("\(folder)/\(file), line") == true)
      #expect(error?.description.contains("remove the file") == true)
      #expect(FileManager.default.contents(atPath: "\(folder)/\(file)") == before)
    }
  }

  @Test(arguments: ["snapshot.jsonl", "journal.jsonl"])
  func aFileThatCannotBeReadIsNotAnEmptyOne(file: String) throws {
    try withTemporaryPath { folder in
      try PrivateFolder.make(folder)
      try FileManager.default.createDirectory(atPath: "\(folder)/\(file)", withIntermediateDirectories: false)
      let error = #expect(throws: StorageFailure.self) { try TestCluster.make(folder: folder) }
      #expect(error?.description.contains("\(folder)/\(file)") == true)
      #expect(error?.description.contains("Is a directory") == true)
    }
  }

  @Test func aSecondServerIsKeptOut() throws {
    try withTemporaryPath { folder in
      let first = try TestCluster.make(folder: folder)
      let error = #expect(throws: StorageFailure.self) { try TestCluster.make(folder: folder) }
      #expect(error?.description.contains("\(folder) is in use") == true)
      #expect(error?.description.contains("--data-dir") == true)
      first.storage.release()
      _ = try TestCluster.make(folder: folder)
    }
  }

  @Test func onAFullDiskNothingChangesAndNothingBreaks() throws {
    try withTemporaryPath { folder in
      let handler = try TestCluster.make(folder: folder)
      let created = handler.send("POST", Self.maps, StorageTests.object("a")).body
      let version = handler.storage.read { $0.store.version }
      let watched = handler.storage.subscribe(ResourceName(group: "", plural: "configmaps"))
      defer { handler.storage.unsubscribe(watched.id) }
      let label: JSONValue = ["metadata": ["labels": ["k": .string(String(repeating: "v", count: 60))]]]
      for (method, path, body) in [
        ("PATCH", Self.maps + "/a", label), ("POST", Self.maps, StorageTests.object("b")),
        ("DELETE", Self.maps + "/a", nil),
      ] as [(String, String, JSONValue?)] {
        try Self.withFullDisk(folder + "/journal.jsonl") {
          let refused = handler.send(method, path, body, type: "application/merge-patch+json")
          #expect(refused.status == 500)
          #expect(refused.body["message"]?.stringValue?.contains("journal.jsonl cannot be written") == true)
        }
      }
      // What was refused is not there, for readers and for watchers.
      #expect(handler.send("GET", Self.maps + "/a").body == created)
      #expect(handler.send("GET", Self.maps + "/b").status == 404)
      #expect(handler.storage.read { $0.store.version } == version)
      #expect(handler.send("POST", Self.maps, StorageTests.object("c")).status == 201)
      handler.storage.release()
      let second = try TestCluster.make(folder: folder)
      #expect(second.send("GET", Self.maps + "/c").status == 200)
      #expect(second.send("GET", Self.maps).body["items"]?.arrayValue?.count == 2)
    }
  }

  /// A limit on the size of files stands for a full disk: the kernel writes what fits, 20 bytes, and refuses the rest.
  /// The file ends in a large hole meanwhile, so that the limit is far beyond what other tests write at the same time.
  private static func withFullDisk(_ path: String, _ body: () throws -> Void) throws {
    let large = 1 << 30
    #expect(truncate(path, large) == 0)
    var usual = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &usual)
    signal(SIGXFSZ, SIG_IGN)
    var tight = rlimit(rlim_cur: rlim_t(large + 20), rlim_max: usual.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &tight)
    defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &usual) }
    try body()
  }

  /// Where not even the torn line can be cut off, a new snapshot takes the journal's place.
  @Test func aTornJournalThatCannotBeCutIsReplaced() throws {
    try withTemporaryPath { folder in
      let handler = try TestCluster.make(folder: folder)
      _ = handler.send("POST", Self.maps, StorageTests.object("a"))
      let descriptor = try #require(handler.storage.read { $0.journal?.file.descriptor })
      let usual = dup(descriptor)
      let readOnly = open(folder + "/journal.jsonl", O_RDONLY)
      dup2(readOnly, descriptor)
      #expect(handler.send("POST", Self.maps, StorageTests.object("b")).status == 500)
      try Self.append(#"{"rv":99,"group":"","resou"#, to: folder + "/journal.jsonl")
      dup2(usual, descriptor)
      close(usual)
      close(readOnly)
      #expect(handler.send("POST", Self.maps, StorageTests.object("c")).status == 201)
      #expect(handler.send("POST", Self.maps, StorageTests.object("d")).status == 201)
      handler.storage.release()
      let second = try TestCluster.make(folder: folder)
      #expect(second.send("GET", Self.maps).body["items"]?.arrayValue?.map(\.objectName) == ["a", "c", "d"])
    }
  }

  @Test func aFolderThatIsThereKeepsItsMode() throws {
    try withTemporaryPath { folder in
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
      #expect(chmod(folder, 0o1777) == 0)
      _ = try ClusterIdentity.load(folder: folder)
      #expect(try Self.mode(folder) == 0o1777)
    }
  }

  @Test func filesAreTheirOwnersAlone() throws {
    try withTemporaryPath { folder in
      try PrivateFolder.make(folder)
      #expect(FileManager.default.createFile(atPath: folder + "/token.new", contents: Data(), attributes: nil))
      _ = try ClusterIdentity.load(folder: folder)
      try TestCluster.make(folder: folder + "/objects").storage.release()
      #expect(try Self.mode(folder) == 0o700)
      #expect(try Self.mode(folder + "/objects") == 0o700)
      for name in ["token", "ca.key", "tls.key", "objects/snapshot.jsonl", "objects/journal.jsonl"] {
        #expect(try Self.mode("\(folder)/\(name)") == 0o600, "\(name)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/token.new"))
    }
  }

  private static func mode(_ path: String) throws -> Int? {
    try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
  }
}
