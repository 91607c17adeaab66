/// Why the data directory cannot be used: the file or folder, what is wrong with it, and the cure.
struct StorageFailure: Error, CustomStringConvertible {
  var description: String
}
