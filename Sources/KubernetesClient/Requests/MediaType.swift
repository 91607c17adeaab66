/// The media types of the Kubernetes API.
///
/// Source: <https://kubernetes.io/docs/reference/using-api/api-concepts/>
public enum MediaType {
  /// Plain JSON.
  public static let json = "application/json"
  /// An object of which only the metadata is sent.
  public static let metadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
  /// A list of such objects.
  public static let metadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
  /// RFC 7386.
  public static let mergePatch = "application/merge-patch+json"
  /// RFC 6902.
  public static let jsonPatch = "application/json-patch+json"
  /// Server-side apply. JSON is YAML too, and every server since 1.16 takes this name.
  public static let apply = "application/apply-patch+yaml"
}
