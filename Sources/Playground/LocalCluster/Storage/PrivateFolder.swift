import Foundation

/// A folder that, where it is made here, only its owner may look into.
enum PrivateFolder {
  /// Makes the folder. One that is there keeps its mode, since it may be everybody's, as `/tmp` is: its files are their
  /// owner's alone anyway.
  ///
  /// - Throws: `StorageFailure` naming the folder and the cure.
  static func make(_ path: String) throws(StorageFailure) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw StorageFailure(
        description: "the data directory \(path) cannot be made: \(error); choose another --data-dir")
    }
    guard chmod(path, 0o700) == 0 else {
      throw DiskFile.failure(path, "cannot be closed to others", cure: "choose another --data-dir, one that is yours")
    }
  }

  /// Takes the folder for this process alone, for as long as the returned file is held. A server that is just ending
  /// gets three seconds to do so.
  ///
  /// - Throws: `StorageFailure` when another process has it.
  static func lock(_ path: String) throws(StorageFailure) -> DiskFile {
    let file = try DiskFile(path + "/lock", O_RDWR | O_CREAT)
    for _ in 0..<60 {
      if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return file }
      guard errno == EWOULDBLOCK else { throw DiskFile.failure(path, "cannot be locked", cure: "check the disk") }
      usleep(50_000)
    }
    throw StorageFailure(
      description: "\(path) is in use by another server; stop that one, or choose another --data-dir")
  }

  /// Brings the folder's list of names to the disk, so that a renamed file stays renamed.
  static func sync(_ path: String) throws(StorageFailure) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw DiskFile.failure(path, "cannot be brought to the disk", cure: "check the disk")
    }
  }
}

/// Files that only their owner may read.
enum PrivateFile {
  /// Writes a file with mode 0600 in one step: a reader sees the old content or the new, after a power failure too.
  ///
  /// - Throws: `StorageFailure` naming the file and the cure.
  static func write(_ text: String, to path: String) throws(StorageFailure) {
    try write(Array(text.utf8), to: path)
  }

  /// The same for bytes.
  static func write(_ bytes: [UInt8], to path: String) throws(StorageFailure) {
    let temporary = path + ".new"
    // A left-over of an earlier try may have any mode, or be a link to somewhere else.
    if unlink(temporary) != 0, errno != ENOENT {
      throw DiskFile.failure(temporary, "cannot be removed", cure: "remove it")
    }
    let file = try DiskFile(temporary, O_WRONLY | O_CREAT | O_EXCL)
    try file.append(bytes)
    try file.sync()
    guard rename(temporary, path) == 0 else {
      throw DiskFile.failure(path, "cannot be replaced", cure: "check the permissions of its folder")
    }
    try PrivateFolder.sync((path as NSString).deletingLastPathComponent)
  }
}
