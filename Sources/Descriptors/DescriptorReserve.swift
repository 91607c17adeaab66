import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Descriptors held open for nothing, to be let go when the system has none left for what cannot wait: a log, a journal,
/// or libdispatch, which reads `/proc` and ends the process when it cannot.
final class DescriptorReserve: Sendable {
  private let size: Int
  private let held = Mutex<[Int32]>([])

  /// A reserve of so many, none of them held yet.
  init(size: Int) { self.size = size }

  /// How many are held.
  var count: Int { held.withLock { $0.count } }

  /// Takes what is missing, as far as the system gives it.
  func fill() {
    held.withLock { held in
      while held.count < size {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        held.append(descriptor)
      }
    }
  }

  /// Lets all go.
  func release() {
    held.withLock { held in
      for descriptor in held { _ = close(descriptor) }
      held.removeAll()
    }
  }

  deinit { release() }
}
