import Certificates
import Foundation
import TestSupport
import Testing

@testable import LocalCluster

/// What a data directory keeps of who the cluster is.
@Suite struct IdentityTests {
  @Test func aSecondStartHasTheSameCertificates() throws {
    try withTemporaryPath { folder in
      let first = try ClusterIdentity.load(folder: folder)
      let second = try ClusterIdentity.load(folder: folder)
      #expect(first.certificates == second.certificates)
      #expect(first.token == second.token)
    }
  }

  /// Two starts at once, or a copy of half a directory, may have left files of two sets.
  @Test(arguments: [["ca.crt", "ca.key"], ["tls.crt", "tls.key"], ["ca.key"], ["tls.key"], ["tls.crt"]])
  func certificatesThatDoNotBelongTogetherAreMadeAnew(files: [String]) throws {
    try withTemporaryPath { folder in
      try PrivateFolder.make(folder)
      let (one, other) = (folder + "/one", folder + "/other")
      for path in [one, other] { _ = try ClusterIdentity.load(folder: path) }
      for file in files {
        let bytes = try #require(try DiskFile.read("\(other)/\(file)"))
        try PrivateFile.write(Array(bytes), to: "\(one)/\(file)")
      }
      let made = try ClusterCertificates.load(folder: one)
      let fits = made.belongTogether
      #expect(fits)
      #expect(try ClusterCertificates.load(folder: one) == made)
    }
  }

  @Test func whoDoesNotGetTheDirectoryWritesNothingIntoIt() throws {
    try withTemporaryPath { folder in
      try PrivateFolder.make(folder + "/objects")
      let lock = try PrivateFolder.lock(folder + "/objects")
      #expect(throws: StorageFailure.self) {
        try LocalClusterServer(
          configuration: LocalClusterConfiguration(dataDirectory: folder, logger: quietLogger))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["objects"])
      withExtendedLifetime(lock) {}
    }
  }
}
